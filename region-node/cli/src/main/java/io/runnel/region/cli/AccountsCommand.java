package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Who owns tasks, and where that is written. */
@Command(
        name = "accounts",
        mixinStandardHelpOptions = true,
        description =
                "Lists the accounts and their home regions; makes, suspends and closes one, moves"
                        + " it to another home, says where its code may be.")
final class AccountsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** What may be otherwise in a moment: the home's word is on its way, or it is just gone. */
    private static final Set<String> MAY_COME = Set.of("not-released", "account-moving");

    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    AccountsCommand(Shell shell) {
        this.shell = shell;
    }

    /** The list. */
    @Override
    public Integer call() {
        JsonNode accounts = Account.admin(shell, data.in(shell)).list("/v1/accounts", "accounts");
        if (json) {
            shell.print(Json.pretty(Json.object().set("accounts", accounts)));
            return 0;
        }
        Table table = new Table("ACCOUNT", "HOME", "EPOCH", "STATE", "RUNS WHERE", "");
        for (JsonNode account : accounts) {
            String leaving = account.path("leaving").asText("");
            var unused =
                    table.row(
                            account.path("name").asText(),
                            account.path("home").asText(),
                            account.path("epoch").asText("0"),
                            account.path("state").asText("active"),
                            requires(account.path("requires")),
                            leaving.isEmpty() ? "" : "on its way to " + leaving);
        }
        shell.print(table.toString());
        return 0;
    }

    private static String requires(JsonNode facts) {
        return facts.properties().stream().map(FactOptions::shown).collect(Collectors.joining(" "));
    }

    @Command(
            name = "move",
            mixinStandardHelpOptions = true,
            description = {
                "Makes another region the home of an account.",
                "If its home lives, that stops writing first and nothing is lost. If it does not"
                        + " answer, the other region takes over what it knows; when the old home"
                        + " comes back, it writes no more for the account."
            })
    Integer move(
            @Parameters(paramLabel = "ACCOUNT", description = "the account") String name,
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "REGION",
                            description = "its next home")
                    String to,
            @Option(
                            names = "--accept-loss",
                            description =
                                    "take over even if others know more of the account, or its"
                                            + " home may live and write on")
                    boolean acceptLoss,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin DataOption where) {
        AccountId account = checked("ACCOUNT", () -> new AccountId(name));
        RegionId next = checked("--to", () -> new RegionId(to));
        Api api = Account.admin(shell, where.in(shell));
        Progress progress = new Progress(shell);
        Optional<String> silent = leave(api, account, next, progress);
        JsonNode moved = takeOver(api, account, next, acceptLoss);
        ObjectNode said = (ObjectNode) moved;
        said.put("orderly", silent.isEmpty());
        if (asJson) {
            shell.print(Json.pretty(said));
            return 0;
        }
        shell.print(
                "%s is at home in %s, epoch %d: %d records from %s%s"
                        .formatted(
                                account,
                                next,
                                moved.path("epoch").asLong(),
                                moved.path("records").asInt(),
                                moved.path("from").asText(),
                                silent.isEmpty()
                                        ? "; nothing was lost"
                                        : "; what that acknowledged and nobody else had heard is"
                                                + " lost"));
        return 0;
    }

    @Command(
            name = "require",
            mixinStandardHelpOptions = true,
            description = {
                "Says what a node must be so that it gets an account's code and runs it.",
                "By the facts of the node's document, as 'runnel attest document' shows them. What"
                        + " is asked for replaces what was; calls go where it is met."
            })
    Integer require(
            @Parameters(paramLabel = "ACCOUNT", description = "the account") String name,
            @ArgGroup(multiplicity = "1") Wanted wanted,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        AccountId account = checked("ACCOUNT", () -> new AccountId(name));
        ObjectNode body = Json.object();
        ObjectNode facts = body.putObject("facts");
        FactOptions.put(facts, checked("--fact", wanted::requirements));
        Api api = Account.of(shell, where.in(shell), account);
        Api.Change change =
                api.change("PUT", "/v1/accounts/%s/requirements".formatted(account), body);
        int end = patience.await(shell, api, change);
        if (asJson) {
            shell.print(Json.pretty(change.answer()));
        } else if (facts.isEmpty()) {
            shell.print("any node may run what %s owns".formatted(account));
        } else {
            shell.print("what %s owns runs only where:".formatted(account));
            facts.properties()
                    .forEach(
                            fact ->
                                    shell.print(
                                            "  %s is %s"
                                                    .formatted(
                                                            fact.getKey(),
                                                            wanted.shown(fact.getKey()))));
        }
        return end;
    }

    /** What is asked of nodes, or that nothing is. */
    static final class Wanted {
        @Option(
                names = "--fact",
                required = true,
                paramLabel = "NAME=VALUE[,VALUE]",
                description = "a fact and the values that it may have; may be given several times")
        private Map<String, String> facts = new LinkedHashMap<>();

        @Option(names = "--nothing", required = true, description = "ask for nothing any more")
        private boolean nothing;

        Requirements requirements() {
            return nothing ? Requirements.NONE : FactOptions.requirements(facts);
        }

        String shown(String fact) {
            return facts.get(fact).replace(",", " or ");
        }
    }

    private static <T> T checked(String what, java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw CliException.usage(what + ": " + e.getMessage());
        }
    }

    /** Has the home write no more; why not, if it does not answer. */
    private static Optional<String> leave(
            Api api, AccountId account, RegionId next, Progress progress) {
        try {
            JsonNode left =
                    api.send(
                            "PUT",
                            "/v1/accounts/%s/leaving".formatted(account),
                            Json.object().put("to", next.value()));
            progress.tell(
                    "%-12s writes no more for %s".formatted(left.path("home").asText(), account));
            return Optional.empty();
        } catch (ApiException e) {
            String problem = e.problem().orElse("");
            if (!problem.equals("home-unreachable") && !problem.equals("account-moving")) {
                throw e;
            }
            progress.tell("its home did not let go: " + e.getMessage());
            return Optional.of(problem);
        }
    }

    private static JsonNode takeOver(
            Api api, AccountId account, RegionId next, boolean acceptLoss) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return api.send(
                        "PUT",
                        "/v1/accounts/%s/homes/%s".formatted(account, next),
                        Json.object().put("acceptLoss", acceptLoss));
            } catch (ApiException e) {
                boolean mayCome = e.problem().filter(MAY_COME::contains).isPresent();
                if (!mayCome || System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
