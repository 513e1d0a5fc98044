import { MemoryStorage } from "../../lib/storage/mod.ts";
import { storageConformance } from "../conformance/storage.ts";

storageConformance("memory", () => new MemoryStorage());
