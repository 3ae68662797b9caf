package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.runnel.attestation.join.JoinTokenFile;
import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Revokes a node in all regions that may have certified it, or lets it be certified again. */
abstract sealed class RevocationCommand implements Callable<Integer> {
    private final Shell shell;
    private final boolean revokes;

    @Parameters(paramLabel = "NODE", description = "a POP, or a node of a region")
    private String node;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private DataOption data;

    private RevocationCommand(Shell shell, boolean revokes) {
        this.shell = shell;
        this.revokes = revokes;
    }

    /** {@code runnel attest revoke}. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Revokes all that was certified of a node, in every region; nothing more of it is"
                        + " certified until it is readmitted.",
                "For a key that was stolen: revoke the node, and readmit it when it is safe."
            })
    static final class Revoke extends RevocationCommand {
        @Option(
                names = "--why",
                paramLabel = "TEXT",
                description = "for the audit log: at most 256 characters")
        private Optional<String> why = Optional.empty();

        Revoke(Shell shell) {
            super(shell, true);
        }

        @Override
        public Integer call() {
            return change(why);
        }
    }

    /** {@code runnel attest readmit}. */
    @Command(
            name = "readmit",
            mixinStandardHelpOptions = true,
            description =
                    "Lets a revoked node be certified again, with a new key; what was revoked stays"
                            + " so. A POP joins again with a new token, which it gets if it is of"
                            + " this machine.")
    static final class Readmit extends RevocationCommand {
        Readmit(Shell shell) {
            super(shell, false);
        }

        @Override
        public Integer call() {
            int done = change(Optional.empty());
            IssuedTokens tokens = IssuedTokens.make(authorities(), node(), Optional.empty());
            if (!tokens.all().isEmpty()) {
                give(tokens);
            }
            return done;
        }

        /** What it was is worth nothing: it joins as a new one does. */
        private void give(IssuedTokens tokens) {
            Path folder = data().node(new NodeName(node()));
            if (Files.isDirectory(folder)) {
                JoinTokenFile file = new JoinTokenFile(folder);
                file.write(tokens.all());
                shell().say("its join token is in " + file.path());
            } else {
                shell().say("it needs a join token: runnel attest token " + node());
            }
        }
    }

    Shell shell() {
        return shell;
    }

    String node() {
        return node;
    }

    DataFolder data() {
        return data.in(shell);
    }

    RegionalAuthorities authorities() {
        return new RegionalAuthorities(shell, data(), Optional.empty());
    }

    /** In every region, whatever becomes of it in another. */
    int change(Optional<String> why) {
        if (!NodeName.isValid(node)) {
            throw CliException.failed("there is no node '%s' in this network".formatted(node));
        }
        RegionalAuthorities authorities = authorities();
        ArrayNode all = Json.array();
        Table table = new Table("REGION", "");
        boolean wasKnown = false;
        boolean allDone = true;
        for (String region : authorities.regions()) {
            try {
                JsonNode done = authorities.change(region, node, revokes, why);
                all.add(done);
                table.row(region, said(done.path("changed").asBoolean()));
                wasKnown = true;
            } catch (ApiException e) {
                if (e.problem().filter("node-not-found"::equals).isEmpty()) {
                    allDone = false;
                    all.addObject().put("region", region).put("error", e.getMessage());
                    table.row(region, "not done: " + e.getMessage());
                }
            }
        }
        if (!wasKnown && allDone) {
            throw CliException.failed("there is no node '%s' in this network".formatted(node));
        }
        shell.print(json ? Json.pretty(Json.object().set("regions", all)) : table.toString());
        return allDone ? 0 : 1;
    }

    private String said(boolean changed) {
        if (revokes) {
            return changed ? "revoked" : "was revoked already";
        }
        return changed ? "readmitted" : "was not revoked";
    }
}
