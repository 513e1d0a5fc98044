import { JournalStorage } from "../../lib/storage/mod.ts";
import { storageConformance } from "../conformance/storage.ts";

storageConformance(
  "journal",
  async () => new JournalStorage(`${await Deno.makeTempDir()}/studies.log`),
);
