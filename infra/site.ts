/** SST's Next.js site, less what this one does not have. */

export class Site extends sst.aws.Nextjs {
  /**
   * Without the function that scales pictures: no page uses next/image, and SST would make one in any
   * case, which answers everybody who can reach the site, and whose sharp was built for another machine.
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
