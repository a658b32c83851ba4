/** SST's Next.js site without image optimization. */

export class Site extends sst.aws.Nextjs {
  /**
   * No page uses next/image, but SST always creates its function. Anyone who can reach the site could call it, and its
   * sharp is built for another machine.
   */
  protected override buildPlan(
    outputPath: $util.Output<string>,
    name: string,
    args: sst.aws.NextjsArgs,
    given: { bucket: sst.aws.Bucket },
  ) {
    return super.buildPlan(outputPath, name, args, given).apply((plan) => ({
      ...plan,
      imageOptimizer: undefined,
    }));
  }
}
