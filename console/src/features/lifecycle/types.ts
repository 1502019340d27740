// What the program answers about lifecycle models, the grid and value, by the words used here.
import type { Schema } from "@/api/client";

export type Said = Schema["StageLabel"];
export type ModelRow = Schema["LifecycleModelRow"];
export type Model = Schema["LifecycleModel"];
export type Stage = Schema["LifecycleStage"];
export type NewStage = Schema["NewLifecycleStage"];
export type NewModel = Schema["NewLifecycleModel"];
export type ModelChange = Schema["LifecycleModelChange"];
export type ModelWarning = Schema["LifecycleWarning"];
export type Preview = Schema["LifecyclePreview"];
export type Flows = Schema["LifecycleFlows"];
export type PeoplePage = Schema["LifecyclePeople"];
export type StageTime = Schema["LifecycleTimes"]["stages"][number];
export type PulseDay = Schema["LifecyclePulse"]["days"][number];
export type Rfm = Schema["Rfm"];
export type RfmPolicy = Schema["RfmPolicy"];
export type Segment = Rfm["segments"][number];
export type Value = Schema["CustomerValueState"];
export type Gate = Schema["ValueGate"];
export type Fitted = Schema["FittedModel"];
export type Calibration = Schema["Calibration"];
export type Rhythm = Schema["Rhythm"];
export type RhythmBucket = Schema["RhythmBucket"];
export type WinBack = Schema["WinBack"];
