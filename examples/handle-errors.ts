// Every failure is a `BedrockError` whose `name` is AWS's, with a hint that says what to do next. By
// the time you see it, whatever was worth repeating has been repeated.

import { BedrockError, BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region handle
try {
  const response = await llm.invoke({ messages: "Say yes." });
  console.log(textOf(response));
} catch (error) {
  if (!(error instanceof BedrockError)) throw error; // a TypeError: a mistake in the call itself
  switch (error.name) {
    case "ExpiredTokenException":
      console.log("Credentials expired - refresh with dcaf env-update-aws-creds");
      break;
    case "CredentialsError":
      console.log("No credentials");
      break;
    case "AccessDeniedException":
      console.log("Not allowed - check the IAM policy and the access to this model");
      break;
    case "ResourceNotFoundException":
      console.log("Model not found - check model id and region");
      break;
    case "ThrottlingException":
      console.log(`Rate limited, still after ${error.attempts} attempts`);
      break;
    case "ValidationException":
      console.log(`Invalid request: ${error.message}`);
      break;
    case "ServiceUnavailableException":
      console.log("Bedrock is temporarily unavailable");
      break;
    default:
      console.log(`${error.name}: ${error.message}`);
  }
  if (error.hint !== undefined) console.log(`Hint: ${error.hint}`);
}
// #endregion
