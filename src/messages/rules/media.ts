// Rules on the number, the size and the format of media, those in tool results included.

import { base64LengthOf, byteLengthOf, imageFormatOf } from "./media-bytes.ts";
import type { RequestRule } from "./request-rule.ts";
import { type BlockView, blocksNamed, recordOf, textOf } from "./view.ts";
import { modelError } from "./wording.ts";

const MAX_IMAGES = 20;
const MIB = 1024 * 1024;

/** Enforced on the base64 text; 3.75 MiB of bytes. */
const MAX_IMAGE_CHARACTERS = 5 * MIB;
const MAX_DOCUMENT_BYTES = 4.5 * MIB;
/** From here on a video is too large. */
const VIDEO_BYTES_LIMIT = 25 * MIB;

const KNOWN_FORMATS = ["png", "jpeg", "gif", "webp"];

export const MEDIA_RULES: readonly RequestRule[] = [
  {
    id: "images-too-many",
    reference: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html",
    repair: "Spread the images over several messages.",
    isOpen: true,
    check(view, report) {
      if (blocksNamed(view, "image").length <= MAX_IMAGES) return;
      for (const { blocks } of view.messages) {
        const surplus = blocks.filter(({ name }) => name === "image")[MAX_IMAGES];
        if (surplus === undefined) continue;
        report(surplus.path, `You can't include more than ${MAX_IMAGES} images in a message.`);
      }
    },
  },
  {
    id: "media-size",
    reference:
      "https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/778",
    repair: "Make it smaller, or pass it by s3Location where the model takes that.",
    // Some models take larger PDFs, and videos differ too.
    isOpen: true,
    check(view, report) {
      for (const { path, value } of blocksNamed(view, "image")) {
        const characters = base64LengthOf(byteLengthOf(sourceBytesOf(value)) ?? 0);
        if (characters <= MAX_IMAGE_CHARACTERS) continue;
        const at = `${path}.image.source.bytes`;
        const excess = `${characters} bytes > ${MAX_IMAGE_CHARACTERS} bytes`;
        report(at, modelError(`${at}: image exceeds 5 MB maximum: ${excess}`));
      }
      for (const { path, value } of blocksNamed(view, "document")) {
        if ((byteLengthOf(sourceBytesOf(value)) ?? 0) <= MAX_DOCUMENT_BYTES) continue;
        report(
          `${path}.document.source.bytes`,
          "The maximum document size is 4.5 MB. Reduce the size of your document and retry your request.",
        );
      }
      for (const { path, value } of blocksNamed(view, "video")) {
        if ((byteLengthOf(sourceBytesOf(value)) ?? 0) < VIDEO_BYTES_LIMIT) continue;
        report(
          `${path}.video.source.bytes`,
          "The maximum video size is 25 MB. Reduce the size of your video and retry your request.",
        );
      }
    },
  },
  {
    id: "image-format",
    reference: "https://github.com/ziatdinovmax/SciLink/issues/382",
    repair: "Name the format of the bytes, not that of the file name.",
    check(view, report) {
      for (const block of blocksNamed(view, "image")) {
        const stated = textOf(recordOf(block.value)["format"]);
        const actual = imageFormatOf(sourceBytesOf(block.value));
        if (stated === undefined || actual === undefined || stated === actual) continue;
        if (!KNOWN_FORMATS.includes(stated)) continue;
        const at = `${block.path}.image.source.bytes`;
        const contradiction = `The image was specified using the image/${stated} media type, but the image appears to be a image/${actual} image`;
        report(`${block.path}.image.format`, modelError(`${at}: ${contradiction}`));
      }
    },
  },
];

function sourceBytesOf(media: BlockView["value"]): unknown {
  return recordOf(recordOf(media)["source"])["bytes"];
}
