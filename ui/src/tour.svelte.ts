/** Where a first publish stands: its files, its plan, what was published. */
export type TourStep = 1 | 2 | 3;

/** The first publish of the sample to the sandbox, step by step. */
export class FirstPublish {
  /** Where somebody is; null while nobody is led. */
  step = $state<TourStep | null>(null);
  /** The sandbox's address: nothing else is written to. */
  site = "";
  /** The step that it goes on with where somebody left it; the first once it was gone through. */
  left = $state<1 | 2>(1);

  /** Begins with the files; says whether somebody left it at the plan. */
  begin(site: string): boolean {
    const wasLeft = this.left === 2;
    this.site = site;
    this.to(1);
    return wasLeft;
  }

  /** Whoever published knows the way, and is led to the pages when it was the plan's turn. */
  published(): void {
    if (this.step === 2) this.to(3);
    else this.left = 1;
  }

  to(step: TourStep | null): void {
    this.step = step;
    if (step !== null) this.left = step === 2 ? 2 : 1;
  }
}
