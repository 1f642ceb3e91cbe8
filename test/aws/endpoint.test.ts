// Host names against the official partition table; endpoints of one's own against bad input.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { partition } from "@aws-sdk/core/client";
import {
  isLoopback,
  parseEndpoint,
  parseInsecureHosts,
  parseRegion,
  regionalEndpoint,
} from "../../src/aws/endpoint.ts";

const REGIONS = [
  "us-east-1",
  "eu-central-1",
  "ap-southeast-5",
  "sa-east-1",
  "mx-central-1",
  "il-central-1",
  "cn-north-1",
  "cn-northwest-1",
  "us-gov-west-1",
  "us-gov-east-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "eu-isoe-west-1",
  "us-isof-south-1",
  "eusc-de-east-1",
  "xx-nowhere-9",
];

describe("the endpoint of a region", () => {
  for (const region of REGIONS) {
    test(`${region} has the host names of its partition`, () => {
      const { dnsSuffix, dualStackDnsSuffix } = partition(region);
      for (const useFipsEndpoint of [false, true]) {
        for (const useDualstackEndpoint of [false, true]) {
          const service = `bedrock-runtime${useFipsEndpoint ? "-fips" : ""}`;
          const suffix = useDualstackEndpoint ? dualStackDnsSuffix : dnsSuffix;
          const host = `${service}.${region}.${suffix}`;
          assert.deepEqual(regionalEndpoint(region, { useFipsEndpoint, useDualstackEndpoint }), {
            secure: true,
            hostname: host,
            port: 443,
            host,
            basePath: "",
          });
        }
      }
    });
  }

  test("a region in the FIPS spelling of older tools is read as region and flag", () => {
    assert.deepEqual(parseRegion("fips-us-east-1", "region"), { region: "us-east-1", fips: true });
    assert.deepEqual(parseRegion("us-east-1-fips", "region"), { region: "us-east-1", fips: true });
    assert.deepEqual(parseRegion("us-east-1", "region"), { region: "us-east-1", fips: false });
  });

  for (const region of [
    "",
    "evil.example/",
    "us-east-1.evil.example",
    "-x",
    "us east",
    "US-EAST-1",
  ]) {
    test(`“${region}” cannot break out of a host name`, () => {
      assert.throws(
        () => parseRegion(region, "region"),
        /^TypeError: region must look like us-east-1/,
      );
    });
  }
});

describe("an endpoint of one's own", () => {
  test("keeps its base path and its port", () => {
    assert.deepEqual(parseEndpoint("https://gateway.example:8443/bedrock/v1/", "endpoint"), {
      secure: true,
      hostname: "gateway.example",
      port: 8443,
      host: "gateway.example:8443",
      basePath: "/bedrock/v1",
    });
  });

  test("leaves a scheme's own port out of the host header", () => {
    assert.equal(parseEndpoint("https://h:443", "endpoint").host, "h");
    assert.equal(parseEndpoint("http://localhost", "endpoint").port, 80);
  });

  test("may be an IPv6 address", () => {
    const endpoint = parseEndpoint("http://[::1]:8000", "endpoint");
    assert.deepEqual([endpoint.hostname, endpoint.host], ["::1", "[::1]:8000"]);
    assert.ok(isLoopback(endpoint));
  });

  for (const [text, expected] of [
    ["localhost:8000", /must begin with https:\/\/ or http:\/\//],
    ["not a url", /must be a URL/],
    ["ftp://host", /must begin with/],
    ["https://user:hunter2@host", /must not hold a user name or password/],
    ["https://host/?a=1", /must not hold a query/],
    ["https://host/#a", /must not hold a query or a fragment/],
  ] as const) {
    test(`${text.replace("hunter2", "…")} is refused by name and never repeated`, () => {
      assert.throws(
        () => parseEndpoint(text, "AWS_ENDPOINT_URL"),
        (error: Error) =>
          error instanceof TypeError &&
          error.message.startsWith("AWS_ENDPOINT_URL") &&
          expected.test(error.message) &&
          !error.message.includes("hunter2"),
      );
    });
  }

  test("is on this machine only when its name says so", () => {
    const loopback = (url: string) => isLoopback(parseEndpoint(url, "endpoint"));
    assert.ok(
      loopback("http://127.0.0.1:1") &&
        loopback("http://localhost") &&
        loopback("http://127.9.9.9"),
    );
    assert.ok(!loopback("https://127.0.0.1.evil.example") && !loopback("https://10.0.0.1"));
  });

  for (const text of [
    "http://h",
    "http://127.0.0.1.evil.example",
    "http://10.0.0.1",
    "http://localhost.evil.example",
    "http://0.0.0.0:8000",
    "http://gateway.internal.evil.example",
  ]) {
    test(`${text} would show keys to everybody on the way, and is refused`, () => {
      assert.throws(
        () => parseEndpoint(text, "AWS_ENDPOINT_URL", ["gateway.internal"]),
        /^TypeError: AWS_ENDPOINT_URL must begin with https:\/\/.*insecureHosts.*DCAF_INSECURE_HOSTS/,
      );
    });
  }

  test("may do without TLS when its host is named, with any port", () => {
    const hosts = parseInsecureHosts(["Gateway.internal", "fd00::1"], "insecureHosts");
    assert.equal(parseEndpoint("http://gateway.internal:8080/x", "endpoint", hosts).secure, false);
    assert.equal(parseEndpoint("http://[fd00::1]", "endpoint", hosts).secure, false);
  });

  for (const name of ["", "*", "*.internal", "http://gateway", "gateway:80", "a b"]) {
    test(`“${name}” is no name of a host`, () => {
      assert.throws(() => parseInsecureHosts([name], "insecureHosts"), /must name hosts such as/);
    });
  }
});
