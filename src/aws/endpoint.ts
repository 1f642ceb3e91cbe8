// Where Bedrock answers: the host names of every partition, and endpoints of the caller's choice.
// https://docs.aws.amazon.com/general/latest/gr/bedrock.html

/** A resolved endpoint. */
export interface Endpoint {
  readonly secure: boolean;
  /** Without brackets, also for IPv6. */
  readonly hostname: string;
  readonly port: number;
  /** As the `host` header wants it: the port only when it is not the scheme's own. */
  readonly host: string;
  /** Prefix of every path; empty or `/like/this`. */
  readonly basePath: string;
}

/** Which kind of a region's endpoint is wanted. */
export interface EndpointVariant {
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
}

interface Partition {
  readonly regions: RegExp;
  readonly suffix: string;
  readonly dualstackSuffix: string;
}

const COMMERCIAL: Partition = {
  regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  suffix: "amazonaws.com",
  dualstackSuffix: "api.aws",
};

/** The first that fits wins; a region of no known partition is taken for a new commercial one. */
const PARTITIONS: readonly Partition[] = [
  COMMERCIAL,
  {
    regions: /^cn-\w+-\d+$/,
    suffix: "amazonaws.com.cn",
    dualstackSuffix: "api.amazonwebservices.com.cn",
  },
  { regions: /^us-gov-\w+-\d+$/, suffix: "amazonaws.com", dualstackSuffix: "api.aws" },
  {
    regions: /^eusc-de-\w+-\d+$/,
    suffix: "amazonaws.eu",
    dualstackSuffix: "api.amazonwebservices.eu",
  },
  { regions: /^us-iso-\w+-\d+$/, suffix: "c2s.ic.gov", dualstackSuffix: "api.aws.ic.gov" },
  { regions: /^us-isob-\w+-\d+$/, suffix: "sc2s.sgov.gov", dualstackSuffix: "api.aws.scloud" },
  {
    regions: /^eu-isoe-\w+-\d+$/,
    suffix: "cloud.adc-e.uk",
    dualstackSuffix: "api.cloud-aws.adc-e.uk",
  },
  { regions: /^us-isof-\w+-\d+$/, suffix: "csp.hci.ic.gov", dualstackSuffix: "api.aws.hci.ic.gov" },
];

/** A region, and whether its name asked for the FIPS endpoint. */
export interface ParsedRegion {
  readonly region: string;
  readonly fips: boolean;
}

/**
 * The region without the FIPS marking of older tools (`fips-us-east-1`, `us-east-1-fips`). Throws
 * `TypeError` naming `source`.
 */
export function parseRegion(region: string, source: string): ParsedRegion {
  const plain = region.replace(/^fips-|-fips$/, "");
  // The region becomes part of a host name, so nothing may break out of its label.
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(plain)) {
    throw new TypeError(`${source} must look like us-east-1; got “${region.slice(0, 40)}”.`);
  }
  return { region: plain, fips: plain !== region };
}

/** The endpoint of `bedrock-runtime` in a region. */
export function regionalEndpoint(region: string, variant: EndpointVariant): Endpoint {
  const partition = PARTITIONS.find(({ regions }) => regions.test(region)) ?? COMMERCIAL;
  const service = variant.useFipsEndpoint ? "bedrock-runtime-fips" : "bedrock-runtime";
  const suffix = variant.useDualstackEndpoint ? partition.dualstackSuffix : partition.suffix;
  const hostname = `${service}.${region}.${suffix}`;
  return { secure: true, hostname, port: 443, host: hostname, basePath: "" };
}

/**
 * Reads an endpoint of the caller's. Throws `TypeError` naming `source` on anything but a plain https
 * address, or an http one of this machine or of a host in `insecureHosts`; the message never repeats
 * the text, which may hold a password.
 */
export function parseEndpoint(
  text: string,
  source: string,
  insecureHosts: readonly string[] = [],
): Endpoint {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError(`${source} must be a URL such as https://host:8443.`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError(`${source} must begin with https:// or http://.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(`${source} must not hold a user name or password.`);
  }
  if (url.search !== "" || url.hash !== "") {
    throw new TypeError(`${source} must not hold a query or a fragment.`);
  }
  const secure = url.protocol === "https:";
  const endpoint = {
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    host: url.host,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
  if (!secure && !isLoopback(endpoint) && !insecureHosts.includes(endpoint.hostname)) {
    throw new TypeError(
      `${source} must begin with https://, for http shows prompts and keys to everybody on the way. Only this machine (localhost, 127.0.0.1, ::1) may do without, and hosts named in the option insecureHosts or in DCAF_INSECURE_HOSTS.`,
    );
  }
  return endpoint;
}

/** Reads the names of hosts that may be reached without TLS. Throws `TypeError` naming `source`. */
export function parseInsecureHosts(names: readonly string[], source: string): string[] {
  return names.map((given) => {
    const name = given.replace(/^\[(.*)\]$/, "$1");
    const hostname = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:]+$/i.test(name) ? name : undefined;
    if (hostname !== undefined) return hostname.toLowerCase();
    throw new TypeError(
      `${source} must name hosts such as gateway.internal, without scheme, port or wildcard; got “${name.slice(0, 80)}”.`,
    );
  });
}

/** Whether the endpoint is on this machine. */
export function isLoopback({ hostname }: Endpoint): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
