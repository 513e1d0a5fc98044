/**
 * Jupyter: live views, progress, the ■ button, help. The only room that knows
 * of notebooks.
 *
 * @module
 */

export * from "./attach.ts";
export * from "./display.ts";
export * from "./help.ts";
export * from "./watch.ts";
