package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code runnel accounts quota}: how much an account may call; for administrators. */
@Command(
        name = "quota",
        mixinStandardHelpOptions = true,
        description =
                "Says how much an account may call at each node that users call, of its own tasks"
                    + " and of others', and what its calls may cost in a month; what goes beyond is"
                    + " answered 429. What is not given is not limited any more. Without options it"
                    + " tells what holds now.")
final class AccountQuotaCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "ACCOUNT", description = "the account")
    private String name = "";

    @Option(names = "--concurrent", paramLabel = "N", description = "calls under way at once")
    private Optional<Integer> concurrent = Optional.empty();

    @Option(names = "--rate", paramLabel = "N", description = "calls that begin in a second")
    private Optional<Integer> rate = Optional.empty();

    @Option(
            names = "--burst",
            paramLabel = "N",
            description =
                    "calls that may begin at once after a pause; as many as in a second unless"
                            + " given")
    private Optional<Integer> burst = Optional.empty();

    @Option(
            names = "--gb-seconds",
            paramLabel = "N",
            description = "its budget for each month: memory times time that it pays for")
    private Optional<Integer> gbSeconds = Optional.empty();

    @Option(
            names = "--code",
            paramLabel = "MIB",
            description = "the code of all versions of its tasks, each once")
    private Optional<Integer> code = Optional.empty();

    @Option(
            names = "--warm",
            paramLabel = "PERCENT",
            description = "of the memory in which each node keeps programs ready")
    private Optional<Integer> warm = Optional.empty();

    @Option(names = "--none", description = "limit nothing")
    private boolean none;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private WaitOption patience;

    @Mixin private DataOption data;

    AccountQuotaCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!AccountId.isValid(name)) {
            throw CliException.failed("there is no account '%s'".formatted(name));
        }
        boolean isLimited =
                Stream.of(concurrent, rate, burst, gbSeconds, code, warm)
                        .anyMatch(Optional::isPresent);
        if (none && isLimited) {
            throw CliException.usage("--none limits nothing: it goes with no limit");
        }
        Api api = Account.admin(shell, data.in(shell));
        Api.Change change = none || isLimited ? changed(api) : shown(api);
        int end = patience.await(shell, api, change);
        JsonNode account = change.answer();
        shell.print(json ? Json.pretty(account.path("quota")) : text(account.path("quota")));
        if (!json && account.has("usedUp")) {
            shell.print("the budget of " + account.path("usedUp").asText() + " is used up");
        }
        return end;
    }

    private Api.Change shown(Api api) {
        return new Api.Change(api.get("/v1/accounts/" + name), Optional.empty());
    }

    private Api.Change changed(Api api) {
        ObjectNode body = Json.object();
        concurrent.ifPresent(most -> body.put("concurrent", most));
        rate.ifPresent(most -> body.put("perSecond", most));
        burst.ifPresent(most -> body.put("burst", most));
        gbSeconds.ifPresent(most -> body.put("gbSeconds", most));
        code.ifPresent(most -> body.put("codeMiB", most));
        warm.ifPresent(percent -> body.put("warmPercent", percent));
        return api.change("PUT", "/v1/accounts/%s/quota".formatted(name), body);
    }

    private String text(JsonNode quota) {
        List<String> limits = new ArrayList<>();
        if (quota.has("concurrent")) {
            limits.add("%d calls under way at once".formatted(quota.path("concurrent").asInt()));
        }
        if (quota.has("perSecond")) {
            int most = quota.path("perSecond").asInt();
            limits.add(
                    "%d calls a second, %d at once after a pause"
                            .formatted(most, quota.path("burst").asInt(most)));
        }
        String atNodes =
                limits.isEmpty() ? "" : "at each node %s".formatted(String.join(" and ", limits));
        List<String> parts = new ArrayList<>(atNodes.isEmpty() ? List.of() : List.of(atNodes));
        if (quota.has("gbSeconds")) {
            parts.add("%d GB-seconds a month".formatted(quota.path("gbSeconds").asInt()));
        }
        if (quota.has("codeMiB")) {
            parts.add("%d MiB of code".formatted(quota.path("codeMiB").asInt()));
        }
        if (quota.has("warmPercent")) {
            parts.add("%d %% of warm memory".formatted(quota.path("warmPercent").asInt()));
        }
        return parts.isEmpty()
                ? name + " has no quota"
                : "%s may have %s".formatted(name, String.join("; ", parts));
    }
}
