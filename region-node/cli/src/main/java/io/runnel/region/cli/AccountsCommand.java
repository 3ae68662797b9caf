package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Who owns tasks, and where that is written. */
@Command(
        name = "accounts",
        mixinStandardHelpOptions = true,
        description = "Lists the accounts and their home regions, moves one to another home.")
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
        Table table = new Table("ACCOUNT", "HOME", "EPOCH", "");
        for (JsonNode account : accounts) {
            String leaving = account.path("leaving").asText("");
            var unused =
                    table.row(
                            account.path("name").asText(),
                            account.path("home").asText(),
                            account.path("epoch").asText("0"),
                            leaving.isEmpty() ? "" : "on its way to " + leaving);
        }
        shell.print(table.toString());
        return 0;
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
