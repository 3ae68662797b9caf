package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.catalog.Stamped;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Names of versions, as aliases of AWS Lambda's API. */
final class FunctionAliases {
    private static final String NAME = "Name";
    private static final String VERSION = "FunctionVersion";
    private static final String ROUTING = "RoutingConfig";
    private static final String WEIGHTS = "AdditionalVersionWeights";
    private static final String REVISION = FunctionRevision.FIELD;
    private static final int WHOLE = 1000;

    private final ControlSettings settings;
    private final AliasOperations aliases;

    FunctionAliases(ControlSettings settings, AliasOperations aliases) {
        this.settings = settings;
        this.aliases = aliases;
    }

    /** CreateAlias. */
    CompletionStage<Reply> create(Call call) {
        JsonBody said = call.body().knowing(NAME, VERSION, ROUTING);
        String name = said.text(NAME);
        ObjectNode alias = ControlJson.object();
        alias.put("version", number(said.text(VERSION)));
        canary(said).ifPresent(tried -> alias.set("canary", tried));
        Call about =
                call.about(Map.of("alias", name), JsonBody.of(alias), Map.of("If-None-Match", "*"));
        return Taken.unlessNew(
                () ->
                        aliases.put(about)
                                .thenApply(
                                        done ->
                                                new Reply.Whole(
                                                        201, Map.of(), Optional.of(now(about)))),
                "Alias already exists: " + name);
    }

    /** UpdateAlias: what is not said stays as it is. */
    CompletionStage<Reply> update(Call call) {
        JsonBody said = call.body().knowing(VERSION, ROUTING, REVISION);
        AliasRecord before = found(call).value();
        ObjectNode alias = ControlJson.object();
        alias.put("version", said.has(VERSION) ? number(said.text(VERSION)) : before.version());
        Optional<ObjectNode> canary =
                said.has(ROUTING) ? canary(said) : before.canary().map(FunctionAliases::fields);
        canary.ifPresent(tried -> alias.set("canary", tried));
        Call about = call.about(Map.of(), JsonBody.of(alias), FunctionRevision.condition(said));
        return aliases.put(about).thenApply(done -> Reply.ok(now(about)));
    }

    /** GetAlias. */
    CompletionStage<Reply> show(Call call) {
        return CompletableFuture.completedFuture(Reply.ok(json(call, found(call))));
    }

    /** ListAliases, all at once: there are a hundred at most. */
    CompletionStage<Reply> list(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        Optional<Integer> only = call.query(VERSION).map(FunctionAliases::number);
        ObjectNode json = ControlJson.object();
        ArrayNode all = json.putArray("Aliases");
        call.catalog().aliases(task).stream()
                .filter(alias -> only.map(n -> alias.value().version() == n).orElse(true))
                .forEach(alias -> all.add(json(call, alias)));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    /** DeleteAlias: done as well if there is none. */
    CompletionStage<Reply> delete(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        return call.catalog().alias(task, call.values().get("alias")).isPresent()
                ? aliases.delete(call)
                : CompletableFuture.completedFuture(Reply.empty(204));
    }

    private static Stamped<AliasRecord> found(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        return call.catalog()
                .alias(task, call.values().get("alias"))
                .orElseThrow(() -> new RefusedException(ControlError.ALIAS_NOT_FOUND));
    }

    private ObjectNode now(Call call) {
        Stamped<AliasRecord> alias =
                settings.catalog()
                        .get()
                        .alias(call.task(), call.values().get("alias"))
                        .orElseThrow(() -> new RefusedException(ControlError.ALIAS_NOT_FOUND));
        return json(call, alias);
    }

    private ObjectNode json(Call call, Stamped<AliasRecord> alias) {
        AliasRecord value = alias.value();
        ObjectNode json = ControlJson.object();
        json.put("AliasArn", FunctionArn.of(call, settings.region()).of(value.name()));
        json.put(NAME, value.name());
        json.put(VERSION, Integer.toString(value.version()));
        value.canary()
                .ifPresent(
                        canary ->
                                json.putObject(ROUTING)
                                        .putObject(WEIGHTS)
                                        .put(
                                                Integer.toString(canary.version()),
                                                BigDecimal.valueOf(canary.permille(), 3)));
        String tag = TaskOperations.tag(settings.catalog().get(), value.task(), alias.seq());
        json.put(REVISION, FunctionRevision.of(tag));
        return json;
    }

    private static ObjectNode fields(Canary canary) {
        ObjectNode json = ControlJson.object();
        json.put("version", canary.version());
        json.put("permille", canary.permille());
        canary.stickyBy().ifPresent(header -> json.put("stickyBy", header));
        return json;
    }

    /** What other version gets some of the calls; empty if none does. */
    private static Optional<ObjectNode> canary(JsonBody said) {
        Map<String, BigDecimal> weights =
                said.optionalObject(ROUTING)
                        .map(routing -> routing.knowing(WEIGHTS).numbers(WEIGHTS))
                        .orElse(Map.of());
        if (weights.size() > 1) {
            throw RefusedException.invalid(WEIGHTS, "may name one version");
        }
        return weights.entrySet().stream()
                .findFirst()
                .map(
                        one -> {
                            ObjectNode json = ControlJson.object();
                            json.put("version", number(one.getKey()));
                            json.put("permille", permille(one.getValue()));
                            return json;
                        });
    }

    private static int permille(BigDecimal weight) {
        BigDecimal permille =
                weight.multiply(BigDecimal.valueOf(WHOLE)).setScale(0, RoundingMode.HALF_UP);
        boolean isOne = permille.signum() > 0 && permille.compareTo(BigDecimal.valueOf(WHOLE)) < 0;
        if (!isOne) {
            throw RefusedException.invalid(WEIGHTS, "must be 0.001 to 0.999");
        }
        return permille.intValueExact();
    }

    private static int number(String version) {
        if (!version.matches("[1-9][0-9]{0,8}")) {
            throw RefusedException.invalid(
                    VERSION, "must be a version's number: what is live changes");
        }
        return Integer.parseInt(version);
    }
}
