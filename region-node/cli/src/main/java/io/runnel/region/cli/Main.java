package io.runnel.region.cli;

import io.runnel.attestation.AttestationException;
import io.runnel.region.cli.supervisor.SupervisorException;
import io.runnel.topology.TopologyException;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** The program {@code runnel}: exit 0 done, 1 failed, 2 wrong usage. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code = run(Shell.ofThisProcess(), arguments);
        Api.endClients();
        System.exit(code);
    }

    static int run(Shell shell, String... arguments) {
        return arguments.length == 0
                ? usage(all(shell), shell)
                : commandLine(shell, arguments[0]).execute(arguments);
    }

    /** Help shows all commands, and so does what is said of a word that is none. */
    private static CommandLine commandLine(Shell shell, String first) {
        Supplier<Object> named = RunnelCommand.commands(shell).get(first);
        return named == null || first.equals(RunnelCommand.HELP)
                ? all(shell)
                : saying(
                        new CommandLine(new RunnelCommand()).addSubcommand(first, named.get()),
                        shell);
    }

    private static int usage(CommandLine line, Shell shell) {
        line.usage(shell.err());
        return CliException.Code.USAGE.exit();
    }

    private static CommandLine all(Shell shell) {
        CommandLine line = new CommandLine(new RunnelCommand());
        RunnelCommand.commands(shell)
                .forEach((name, command) -> line.addSubcommand(name, command.get()));
        return saying(line, shell);
    }

    private static CommandLine saying(CommandLine line, Shell shell) {
        return line.setOut(writer(shell.out()))
                .setErr(writer(shell.err()))
                .setUsageHelpAutoWidth(false)
                // An @FILE is what -d sends, not a list of further words.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, words) -> misused(e, shell))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, shell));
    }

    private static PrintWriter writer(java.io.PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(ParameterException e, Shell shell) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        shell.say(
                "runnel: %s; see %s --help"
                        .formatted(oneLine(e.getMessage()) + suggestion(e), command));
        return CliException.Code.USAGE.exit();
    }

    private static String suggestion(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> near = unmatched.getSuggestions();
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    private static int failed(Exception failure, Shell shell) {
        return switch (failure) {
            case CliException e -> told(e.getMessage(), e.code(), shell);
            case SupervisorException e -> told(e.getMessage(), CliException.Code.FAILED, shell);
            case AttestationException e -> told(e.getMessage(), CliException.Code.FAILED, shell);
            case ApiException e -> told(e.getMessage(), CliException.Code.FAILED, shell);
            case TopologyException e -> told(e.getMessage(), CliException.Code.FAILED, shell);
            default -> broken(failure, shell);
        };
    }

    private static int told(String message, CliException.Code code, Shell shell) {
        shell.say("runnel: " + message);
        return code.exit();
    }

    /** A mistake in this program: whoever reports it needs all of it. */
    private static int broken(Exception failure, Shell shell) {
        shell.say("runnel: this should not happen, please report it: " + failure);
        failure.printStackTrace(shell.err());
        return CliException.Code.FAILED.exit();
    }

    private static String oneLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
