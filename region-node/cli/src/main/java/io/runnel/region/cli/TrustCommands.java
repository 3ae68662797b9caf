package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Whose tokens the account believes. */
final class TrustCommands {
    private TrustCommands() {}

    private static String path(Account account, String name) {
        if (!TaskName.isValid(name)) {
            throw CliException.usage("NAME must be 1 to 63 of a-z, 0-9 and inner -");
        }
        return "/v1/accounts/%s/trusts/%s".formatted(account.id(), name);
    }

    /** {@code runnel accounts trust}. */
    @Command(
            name = "trust",
            mixinStandardHelpOptions = true,
            description = {
                "Has the account believe the tokens of somebody else (OpenID Connect), as those"
                        + " that a CI service gives to a job.",
                "Who brings one gets a key of the account for a while: runnel keys exchange."
            })
    static final class Trust implements Callable<Integer> {
        private final Shell shell;

        @Parameters(paramLabel = "NAME", description = "the account's own for it")
        private String name = "";

        @Option(
                names = "--issuer",
                required = true,
                paramLabel = "URL",
                description = "who signs them; its keys are asked for there")
        private String issuer = "";

        @Option(
                names = "--audience",
                required = true,
                paramLabel = "TEXT",
                description = "whom they have to be for")
        private String audience = "";

        @Option(
                names = "--claim",
                required = true,
                paramLabel = "CLAIM=VALUE",
                description =
                        "what they have to say besides, as sub=repo:acme/site:*; may be repeated,"
                                + " all must hold")
        private Map<String, String> claims = new LinkedHashMap<>();

        @Option(
                names = "--scope",
                split = ",",
                paramLabel = "SCOPE",
                description =
                        "what the keys are for: invoke (unless given), deploy, admin, with commas"
                                + " between")
        private List<String> scopes = List.of();

        @Option(
                names = "--task",
                split = ",",
                paramLabel = "ACCOUNT/TASK",
                description = "for these tasks only; acme/pay-* for those that begin so")
        private List<String> tasks = List.of();

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "how long a key holds: 1m to 1h; 15m unless given")
        private Optional<String> lifetime = Optional.empty();

        @Option(
                names = "--jwks",
                paramLabel = "FILE",
                description =
                        "the issuer's keys (a JSON Web Key Set), where regions cannot ask it for"
                                + " them")
        private Optional<Path> keys = Optional.empty();

        @Option(names = "--json", description = "print JSON")
        private boolean json;

        @Mixin private WaitOption patience;

        @Mixin private DataOption data;

        Trust(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            Account account = Account.of(shell, data.in(shell));
            ObjectNode body = Json.object().put("issuer", issuer).put("audience", audience);
            ObjectNode asked = body.putObject("claims");
            claims.forEach(asked::put);
            scopes.forEach(body.withArray("scopes")::add);
            tasks.forEach(body.withArray("tasks")::add);
            lifetime.ifPresent(time -> body.put("lifetime", time));
            keys.ifPresent(file -> body.put("keys", read(file)));
            Api.Change change = account.api().change("PUT", path(account, name), body);
            int end = patience.await(shell, account.api(), change);
            JsonNode said = change.answer();
            if (json) {
                shell.print(Json.pretty(said));
            } else {
                shell.print(
                        "%s believes tokens of %s: they give keys for %s, to %s"
                                .formatted(
                                        account.id(),
                                        said.path("issuer").asText(),
                                        said.path("lifetime").asText(),
                                        Json.texts(said.path("scopes"), "nothing")));
            }
            return end;
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw CliException.usage(
                        "--jwks: %s cannot be read: %s".formatted(file, Reason.of(e)));
            }
        }
    }

    /** {@code runnel accounts trusts}. */
    @Command(
            name = "trusts",
            mixinStandardHelpOptions = true,
            description = "Lists whose tokens the account believes.")
    static final class Trusts implements Callable<Integer> {
        private final Shell shell;

        @Option(names = "--json", description = "print JSON")
        private boolean json;

        @Mixin private DataOption data;

        Trusts(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            Account account = Account.of(shell, data.in(shell));
            JsonNode trusts =
                    account.api()
                            .get("/v1/accounts/%s/trusts".formatted(account.id()))
                            .path("trusts");
            if (json) {
                shell.print(Json.pretty(Json.object().set("trusts", trusts)));
                return 0;
            }
            Table table =
                    new Table("TRUST", "ISSUER", "AUDIENCE", "CLAIMS", "KEYS FOR", "TASKS", "");
            for (JsonNode trust : trusts) {
                String claims =
                        trust.path("claims").properties().stream()
                                .map(claim -> claim.getKey() + "=" + claim.getValue().asText())
                                .collect(Collectors.joining(" "));
                var unused =
                        table.row(
                                trust.path("name").asText(),
                                trust.path("issuer").asText(),
                                trust.path("audience").asText(),
                                claims,
                                Json.texts(trust.path("scopes"), "nothing"),
                                Json.texts(trust.path("tasks"), "all"),
                                trust.path("lifetime").asText());
            }
            shell.print(table.toString());
            return 0;
        }
    }

    /** {@code runnel accounts untrust}. */
    @Command(
            name = "untrust",
            mixinStandardHelpOptions = true,
            description =
                    "Ends a trust: its tokens give no keys any more. Those that were given hold"
                            + " until they end, or are deleted.")
    static final class Untrust implements Callable<Integer> {
        private final Shell shell;

        @Parameters(paramLabel = "NAME", description = "the trust")
        private String name = "";

        @Mixin private WaitOption patience;

        @Mixin private DataOption data;

        Untrust(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            Account account = Account.of(shell, data.in(shell));
            Api.Change change = account.api().change("DELETE", path(account, name), Json.object());
            int end = patience.await(shell, account.api(), change);
            shell.print("%s believes tokens of %s no more".formatted(account.id(), name));
            return end;
        }
    }
}
