import { JournalStorage, SQLiteStorage } from "../../lib/storage/mod.ts";
import { storageRoundTrip } from "../conformance/storage_round_trip.ts";

storageRoundTrip("SQLite", async () => {
  const path = `${await Deno.makeTempDir()}/studies.db`;
  return {
    storage: new SQLiteStorage(path),
    again: () => new SQLiteStorage(path),
  };
}, 15);

storageRoundTrip("journal", async () => {
  const path = `${await Deno.makeTempDir()}/studies.log`;
  return {
    storage: new JournalStorage(path),
    again: () => new JournalStorage(path),
  };
}, 40);
