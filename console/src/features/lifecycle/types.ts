// What the program answers about lifecycle models, the grid and value, by the words used here.
import type { Schema } from "@/api/client";

export type Said = Schema["LifecycleLabel"];
export type ModelRow = Schema["LifecycleModelRow"];
export type Model = Schema["LifecycleModel"];
export type Stage = Schema["LifecycleStage"];
export type NewStage = Schema["GivenLifecycleStage"];
export type NewModel = Schema["NewLifecycleModel"];
export type ModelChange = Schema["LifecycleModelChange"];
export type ModelWarning = Schema["LifecycleWarning"];
export type Preview = Schema["LifecyclePreview"];
export type Flows = Schema["LifecycleFlows"];
export type PeoplePage = Schema["LifecyclePeople"];
export type StageTime = Schema["LifecycleTime"];
export type PulseDay = Schema["LifecycleDay"];
export type Rfm = Schema["Rfm"];
export type RfmPolicy = Schema["RfmPolicy"];
export type Segment = Rfm["segments"][number];
export type Value = Schema["ValueRun"];
export type Gate = Schema["ValueGates"][number];
export type PurchaseFit = NonNullable<Schema["PurchaseFit"]>;
export type SpendFit = NonNullable<Schema["SpendFit"]>;
export type Calibration = NonNullable<Schema["ValueCalibration"]>;
export type Rhythm = Schema["ValueRhythm"];
export type RhythmBucket = Schema["ValueSpread"][number];
export type WinBack = Schema["WinBack"];
