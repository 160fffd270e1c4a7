import { findingsIn } from "../fields/findings";
import { ruleOf } from "../fields/types";
import type { Finding } from "../problem";
import { combinationProblems } from "./combinations";
import { serviceFields } from "./inputs";
import { wordProblems } from "./known-words";
import { pathProblems } from "./start/container-paths";
import { refusedAtStart } from "./start/refused";
import { templateProblems } from "./templates";

const rule = ruleOf(serviceFields);

/** Everything that is wrong with the inputs of a Service. */
export function serviceProblems(inputs: unknown): Finding[] {
  return [...findingsIn(rule, inputs), ...problemsBeyondForm(inputs)];
}

/** What is wrong with inputs whose form is right. Fields that are missing or malformed are skipped. */
export function problemsBeyondForm(inputs: unknown): Finding[] {
  return [
    ...combinationProblems(inputs),
    ...templateProblems(inputs),
    ...wordProblems(inputs),
    ...pathProblems(inputs),
    ...refusedAtStart(inputs),
  ];
}
