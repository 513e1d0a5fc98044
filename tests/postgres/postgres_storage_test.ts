import { after, describe } from "@std/testing/bdd";
import { PostgresStorage } from "../../lib/storage/mod.ts";
import { storageConformance } from "../conformance/storage.ts";
import { TestPostgres } from "../support/postgres.ts";

const server = await TestPostgres.start();

const address = server.freshDatabase();
const database = address.slice(address.lastIndexOf("/") + 1);

describe("PostgresStorage", () => {
  after(() => server.close());
  storageConformance(
    "PostgreSQL",
    () => {
      server.empty(database);
      return new PostgresStorage(address);
    },
  );
});
