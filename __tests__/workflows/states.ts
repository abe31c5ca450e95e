/**
 * States of an app that one test leaves and later ones begin from, because reaching them anew would take minutes. A test
 * whose beginning was not reached says so, instead of failing by whatever it finds.
 */
export function states<Name extends string>() {
  const reached = new Set<Name>();
  return {
    leave: (name: Name): void => {
      reached.add(name);
    },
    from: (name: Name): void => {
      if (reached.has(name)) return;
      throw new Error(`Not tried: this test begins from ${name}, which failed, or was not run, in a test before it.`);
    },
  };
}
