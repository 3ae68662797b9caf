package io.runnel.region.cli;

import io.runnel.attestation.SecretFile;
import io.runnel.exec.task.NodeName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Makes what a POP of another machine joins with. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Makes join tokens for a POP: one for its region, one for each that takes over from it."
                    + " Each is good once.",
            "Put them on the POP's machine as DATA/nodes/POP/join.token, mode 0600. On a machine"
                    + " with the regions' authorities, POPs need none."
        })
final class TokenCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "POP", description = "whom they are for")
    private String pop;

    @Option(
            names = "--life",
            paramLabel = "TIME",
            description = "how long they are good: 1h unless given, 168h at most")
    private Optional<String> life = Optional.empty();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "write them to this file, for its owner only")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private DataOption data;

    TokenCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Optional<Duration> time = life.map(TokenCommand::life);
        if (!NodeName.isValid(pop)) {
            throw CliException.failed("there is no POP '%s' in this network".formatted(pop));
        }
        var authorities = new RegionalAuthorities(shell, data.in(shell), Optional.empty());
        IssuedTokens tokens = IssuedTokens.make(authorities, pop, time);
        tokens.silent().forEach(shell::say);
        if (tokens.all().isEmpty()) {
            throw CliException.failed(
                    tokens.silent().isEmpty()
                            ? "there is no POP '%s' in this network".formatted(pop)
                            : "no token was made");
        }
        if (out.isPresent()) {
            new SecretFile(out.get()).write(tokens.text());
        }
        if (json) {
            shell.print(Json.pretty(tokens.json()));
        } else {
            shell.print(out.isPresent() ? out.get().toString() : tokens.text().strip());
        }
        return tokens.silent().isEmpty() ? 0 : 1;
    }

    private static Duration life(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--life: " + e.getMessage());
        }
    }
}
