// What an automated-reasoning policy of a guardrail found.

import type { OneOf, Open } from "./open.ts";

export interface GuardrailAutomatedReasoningPolicyAssessment {
  findings?: GuardrailAutomatedReasoningFinding[] | undefined;
}

export type GuardrailAutomatedReasoningFinding = OneOf<{
  valid: GuardrailAutomatedReasoningValidFinding;
  invalid: GuardrailAutomatedReasoningInvalidFinding;
  satisfiable: GuardrailAutomatedReasoningSatisfiableFinding;
  impossible: GuardrailAutomatedReasoningImpossibleFinding;
  translationAmbiguous: GuardrailAutomatedReasoningTranslationAmbiguousFinding;
  tooComplex: GuardrailAutomatedReasoningTooComplexFinding;
  noTranslations: GuardrailAutomatedReasoningNoTranslationsFinding;
}>;

export interface GuardrailAutomatedReasoningValidFinding {
  translation?: GuardrailAutomatedReasoningTranslation | undefined;
  claimsTrueScenario?: GuardrailAutomatedReasoningScenario | undefined;
  supportingRules?: GuardrailAutomatedReasoningRule[] | undefined;
  logicWarning?: GuardrailAutomatedReasoningLogicWarning | undefined;
}

export interface GuardrailAutomatedReasoningTranslation {
  premises?: GuardrailAutomatedReasoningStatement[] | undefined;
  claims?: GuardrailAutomatedReasoningStatement[] | undefined;
  untranslatedPremises?: GuardrailAutomatedReasoningInputTextReference[] | undefined;
  untranslatedClaims?: GuardrailAutomatedReasoningInputTextReference[] | undefined;
  confidence?: number | undefined;
}

export interface GuardrailAutomatedReasoningStatement {
  logic?: string | undefined;
  naturalLanguage?: string | undefined;
}

export interface GuardrailAutomatedReasoningInputTextReference {
  text?: string | undefined;
}

export interface GuardrailAutomatedReasoningScenario {
  statements?: GuardrailAutomatedReasoningStatement[] | undefined;
}

export interface GuardrailAutomatedReasoningRule {
  identifier?: string | undefined;
  policyVersionArn?: string | undefined;
}

export interface GuardrailAutomatedReasoningLogicWarning {
  type?: GuardrailAutomatedReasoningLogicWarningType | undefined;
  premises?: GuardrailAutomatedReasoningStatement[] | undefined;
  claims?: GuardrailAutomatedReasoningStatement[] | undefined;
}

export type GuardrailAutomatedReasoningLogicWarningType = Open<"ALWAYS_FALSE" | "ALWAYS_TRUE">;

export interface GuardrailAutomatedReasoningInvalidFinding {
  translation?: GuardrailAutomatedReasoningTranslation | undefined;
  contradictingRules?: GuardrailAutomatedReasoningRule[] | undefined;
  logicWarning?: GuardrailAutomatedReasoningLogicWarning | undefined;
}

export interface GuardrailAutomatedReasoningSatisfiableFinding {
  translation?: GuardrailAutomatedReasoningTranslation | undefined;
  claimsTrueScenario?: GuardrailAutomatedReasoningScenario | undefined;
  claimsFalseScenario?: GuardrailAutomatedReasoningScenario | undefined;
  logicWarning?: GuardrailAutomatedReasoningLogicWarning | undefined;
}

export interface GuardrailAutomatedReasoningImpossibleFinding {
  translation?: GuardrailAutomatedReasoningTranslation | undefined;
  contradictingRules?: GuardrailAutomatedReasoningRule[] | undefined;
  logicWarning?: GuardrailAutomatedReasoningLogicWarning | undefined;
}

export interface GuardrailAutomatedReasoningTranslationAmbiguousFinding {
  options?: GuardrailAutomatedReasoningTranslationOption[] | undefined;
  differenceScenarios?: GuardrailAutomatedReasoningScenario[] | undefined;
}

export interface GuardrailAutomatedReasoningTranslationOption {
  translations?: GuardrailAutomatedReasoningTranslation[] | undefined;
}

export type GuardrailAutomatedReasoningTooComplexFinding = Record<string, never>;

export type GuardrailAutomatedReasoningNoTranslationsFinding = Record<string, never>;
