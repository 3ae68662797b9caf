package io.runnel.region.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What the regions' authorities have revoked, for those who check documents. */
@Command(
        name = "revocations",
        mixinStandardHelpOptions = true,
        description = {
            "Writes each region's list of revoked certificates (X.509 CRL, PEM) as REGION.crl.",
            "Each is signed, and to be relied on for an hour."
        })
final class RevocationListCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--region", paramLabel = "REGION", description = "only this one's")
    private Optional<String> region = Optional.empty();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            required = true,
            description = "where to write them")
    private Path out;

    @Mixin private DataOption data;

    RevocationListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        var authorities = new RegionalAuthorities(shell, data.in(shell), region);
        for (String name : authorities.regions()) {
            Path file = out.resolve(name + ".crl");
            shell.write(file, authorities.revocationList(name).getBytes(StandardCharsets.US_ASCII));
            shell.print(file.toString());
        }
        return 0;
    }
}
