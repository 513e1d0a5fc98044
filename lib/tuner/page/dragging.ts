/// <reference lib="dom" />

/** Follows the pointer from where it is pressed. */
export function dragging(
  element: HTMLElement,
  begin: (event: PointerEvent) => ((clientX: number) => void) | null,
): void {
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const move = begin(event);
    if (move === null) return;
    event.preventDefault();
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    element.classList.add("is-dragged");
    const follow = ({ clientX }: PointerEvent) => move(clientX);
    const end = () => {
      element.removeEventListener("pointermove", follow);
      element.classList.remove("is-dragged");
    };
    element.addEventListener("pointermove", follow);
    element.addEventListener("pointerup", end, { once: true });
    element.addEventListener("pointercancel", end, { once: true });
  });
}
