// The headers of a request, authorised: by an API key as it is, or by a signature over body and path.

import type { CredentialsCache } from "../aws/credentials.ts";
import type { Endpoint } from "../aws/endpoint.ts";
import { type AwsCredentials, SigV4Signer } from "../aws/sigv4.ts";

const SERVICE = "bedrock";

/** What authorises requests. */
export type Authorization =
  | { readonly kind: "apiKey"; readonly apiKey: string }
  | { readonly kind: "credentials"; readonly credentials: CredentialsCache };

/** What is to be sent. */
export interface AuthorizableRequest {
  readonly path: string;
  readonly accept: string;
  readonly body: string | Buffer;
}

/** Headers ready for the socket. */
export interface AuthorizedHeaders {
  readonly headers: Record<string, string>;
  /** Never to be seen in an error. */
  readonly secrets: readonly string[];
}

/** Authorises the requests of one client. */
export class Authorizer {
  readonly #endpoint: Endpoint;
  readonly #authorization: Authorization;
  readonly #userAgent: string;
  readonly #signer: SigV4Signer;

  constructor(options: {
    endpoint: Endpoint;
    region: string;
    authorization: Authorization;
    userAgent: string;
  }) {
    this.#endpoint = options.endpoint;
    this.#authorization = options.authorization;
    this.#userAgent = options.userAgent;
    this.#signer = new SigV4Signer({ service: SERVICE, region: options.region });
  }

  /** Not a promise when nothing has to be waited for. Rejects with `CredentialsError`. */
  authorize(request: AuthorizableRequest): AuthorizedHeaders | Promise<AuthorizedHeaders> {
    const authorization = this.#authorization;
    if (authorization.kind === "apiKey") {
      const { apiKey } = authorization;
      const headers = { ...this.#signedHeaders(), authorization: `Bearer ${apiKey}` };
      return { headers: this.#complete(request, headers), secrets: [apiKey] };
    }
    const credentials = authorization.credentials.get();
    return credentials instanceof Promise
      ? credentials.then((keys) => this.#sign(request, keys))
      : this.#sign(request, credentials);
  }

  #sign(request: AuthorizableRequest, credentials: AwsCredentials): AuthorizedHeaders {
    const { path, body } = request;
    const signable = { method: "POST", path, headers: this.#signedHeaders(), body };
    const headers = this.#signer.sign(signable, credentials, new Date());
    const secrets = [credentials.secretAccessKey, credentials.sessionToken ?? ""];
    return { headers: this.#complete(request, headers), secrets };
  }

  #signedHeaders(): Record<string, string> {
    return { host: this.#endpoint.host, "content-type": "application/json" };
  }

  /** Adds what is not signed, because a proxy may rewrite it. */
  #complete(
    { accept, body }: AuthorizableRequest,
    headers: Record<string, string>,
  ): Record<string, string> {
    headers["accept"] = accept;
    headers["user-agent"] = this.#userAgent;
    headers["content-length"] = String(Buffer.byteLength(body));
    return headers;
  }
}
