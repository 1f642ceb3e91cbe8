import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSharedProfile, profileName } from "../../src/aws/shared-config.ts";
import { temporaryHome } from "../helpers/temporary-home.ts";

test("a home without AWS files gives an empty profile", async (context) => {
  assert.deepEqual(await loadSharedProfile(temporaryHome(context), "default"), { settings: {} });
});

test("settings come from the config file, and from the credentials file before it", async (context) => {
  const environment = temporaryHome(context, {
    config:
      "[default]\nregion = eu-west-1\nretry_mode = adaptive\n[profile work]\nregion = eu-west-3\n",
    credentials: "[work]\nregion = eu-north-1\n",
  });
  const standard = await loadSharedProfile(environment, "default");
  assert.equal(standard.settings["region"], "eu-west-1");
  assert.equal(standard.settings["retry_mode"], "adaptive");
  assert.equal((await loadSharedProfile(environment, "work")).settings["region"], "eu-north-1");
});

test("the endpoint of the services section comes before the profile's own", async (context) => {
  const environment = temporaryHome(context, {
    config:
      "[profile a]\nservices = here\nendpoint_url = http://all:1\n[profile b]\nendpoint_url = http://all:1\n[services here]\nbedrock_runtime =\n  endpoint_url = http://runtime:2\n",
  });
  assert.equal((await loadSharedProfile(environment, "a")).endpointUrl, "http://runtime:2");
  assert.equal((await loadSharedProfile(environment, "b")).endpointUrl, "http://all:1");
});

test("the files may lie elsewhere", async (context) => {
  const elsewhere = temporaryHome(context, { config: "[default]\nregion = ca-west-1\n" });
  const environment = {
    ...temporaryHome(context),
    AWS_CONFIG_FILE: `${elsewhere["HOME"]}/.aws/config`,
  };
  assert.equal((await loadSharedProfile(environment, "default")).settings["region"], "ca-west-1");
});

test("a profile is named by option, then AWS_PROFILE, then default", () => {
  assert.equal(profileName({ AWS_PROFILE: "b" }, "a"), "a");
  assert.equal(profileName({ AWS_PROFILE: "b" }), "b");
  assert.equal(profileName({ AWS_PROFILE: "" }), "default");
});
