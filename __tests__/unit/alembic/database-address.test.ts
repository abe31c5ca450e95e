import { readDatabaseUrl } from "@augeo/alembic";
import { UsageError } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import { redactor } from "../../../packages/alembic/src/redact.ts";

describe("a database URL", () => {
  test("every driver's scheme is understood, and escaped characters are themselves again", () => {
    const address = readDatabaseUrl(
      "postgresql+asyncpg://an%40user:p%2F%25ss@db.example.com:6543/shop?sslmode=require",
    );
    expect(address).toMatchObject({
      host: "db.example.com",
      port: 6543,
      user: "an@user",
      password: "p/%ss",
      database: "shop",
    });
    expect(address.tls).toBe("require");
    expect(address.shown).toBe("an@user@db.example.com:6543/shop");
  });

  test.each([
    ["postgresql://u@h/d", { port: 5432, tls: "prefer", password: undefined }],
    ["postgres://u@h/d?ssl=disable", { tls: "disable" }],
    ["postgresql://u@/d?host=/run/postgresql", { host: "/run/postgresql" }],
    ["postgresql://u@[::1]:5433/d", { host: "::1", port: 5433 }],
    ["postgresql://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem", { tls: "verify-full", rootCertificate: "/ca.pem" }],
  ])("%s", (url, expected) => {
    expect(readDatabaseUrl(url)).toMatchObject(expected);
  });

  test("a token takes the password's place, in the address the project gets too", () => {
    const address = readDatabaseUrl("postgresql+psycopg://app@h:5432/d?sslmode=require", "eyJ0.to/ken==");
    expect(address.password).toBe("eyJ0.to/ken==");
    expect(address.url).toBe("postgresql+psycopg://app:eyJ0.to%2Fken%3D%3D@h:5432/d?sslmode=require");
  });

  test.each(["mysql://u@h/d", "not a url", "postgresql://u@h/d?sslmode=maybe"])("%s is refused", (url) => {
    expect(() => readDatabaseUrl(url)).toThrow(UsageError);
  });
});

describe("hiding secrets", () => {
  const { secrets } = readDatabaseUrl("postgresql://app:s3c'r%40t%25x@h/d");
  const clean = redactor(secrets);

  test.each([
    ["as it is", "password s3c'r@t%x refused"],
    ["as in the URL", "could not parse s3c'r%40t%25x"],
    ["the whole URL", "postgresql://app:s3c'r%40t%25x@h/d"],
    ["doubled for an ini file", "s3c'r@t%%x"],
    ["quoted for SQL", "'s3c''r@t%x'"],
    ["as Python's repr", "'s3c\\'r@t%x'"],
    ["in base64", Buffer.from("s3c'r@t%x").toString("base64")],
  ])("%s", (_, text) => {
    expect(clean(text)).toContain("***");
    expect(clean(text)).not.toMatch(/s3c/);
  });
});
