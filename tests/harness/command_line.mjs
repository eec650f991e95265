// The command line of a driver that is run by hand.

/**
 * What `parse` makes of the arguments. Asked for `help`, that is printed and it ends with 0; wrong usage
 * ends it with 2, saying what is wrong and what would be right.
 */
export function optionsOrExit(parse, help) {
  try {
    const options = parse(process.argv.slice(2));
    if (!options.help) return options;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}
