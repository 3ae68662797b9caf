package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records' form as compact JSON, as it stands in {@link FeedRecord#record}. Unknown fields are
 * skipped, so that a newer peer may add some; missing and wrong ones are refused with {@link
 * CatalogException.Code#MALFORMED}.
 */
public final class RecordJson {
    private RecordJson() {}

    /** The record as compact JSON: always the same text for the same record. */
    public static String write(CatalogRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (record) {
            case AccountRecord account -> {
                json.put("account", account.id().value());
                json.put("home", account.home().value());
                json.put("admin", account.admin());
                // What never was moved is said as it was before there were moves.
                if (account.epoch() > 0) {
                    json.put("epoch", account.epoch());
                }
                account.leaving().ifPresent(next -> json.put("leaving", next.value()));
                putRequirements(json, "requires", account.requires());
                if (!account.isActive()) {
                    json.put("state", account.state().label());
                }
                if (!account.quota().isNone()) {
                    putQuota(json.putObject("quota"), account.quota());
                }
                account.usedUp().ifPresent(month -> json.put("usedUp", month.toString()));
            }
            case KeyRecord key -> KeyJson.write(json, key);
            case TaskRecord task -> {
                putRef(json, task.ref());
                json.put("live", task.live());
                json.put("newest", task.newest());
                json.put("everyone", task.everyone());
                task.maxStale().ifPresent(d -> json.put("maxStaleMs", d.toMillis()));
                task.concurrent().ifPresent(most -> json.put("concurrent", most));
                task.events().ifPresent(rule -> EventRuleJson.put(json.putObject("events"), rule));
            }
            case VersionRecord version -> putVersion(json, version);
            case GrantRecord grant -> GrantJson.write(json, grant);
            case AliasRecord alias -> AliasJson.write(json, alias);
            case CallerAliasRecord alias -> CallerAliasJson.write(json, alias);
            case AgreementRecord agreement -> AgreementJson.write(json, agreement);
            case ScheduleRecord schedule -> ScheduleJson.write(json, schedule);
            case ApiRecord api -> ApiJson.write(json, api);
            case ApiRevisionRecord revision -> ApiJson.write(json, revision);
            case TrustRecord trust -> TrustJson.write(json, trust);
        }
        return JsonText.write(json);
    }

    private static void putRequirements(ObjectNode json, String name, Requirements asked) {
        if (!asked.areNone()) {
            ObjectNode facts = json.putObject(name);
            asked.facts().forEach((fact, values) -> values.forEach(facts.putArray(fact)::add));
        }
    }

    private static void putRef(ObjectNode json, TaskRef ref) {
        json.put("account", ref.account().value());
        json.put("task", ref.name().value());
    }

    private static void putVersion(ObjectNode json, VersionRecord version) {
        Task task = version.task();
        putRef(json, task.ref());
        json.put("version", task.version());
        json.put("runtime", task.runtime().label());
        json.put("handler", task.handler().label());
        json.put("code", task.code().value());
        json.put("codeSizeBytes", version.codeSize().bytes());
        putLimits(json.putObject("limits"), task.limits());
        ObjectNode environment = json.putObject("environment");
        new TreeMap<>(task.environment()).forEach(environment::put);
        var regions = json.putArray("regions");
        version.regions().forEach(region -> regions.add(region.value()));
        json.put("createdMs", version.created().toEpochMilli());
        putOptions(json, task.options());
    }

    /** What was not chosen is not said: so records are as they were before there was a choice. */
    private static void putOptions(ObjectNode json, TaskOptions options) {
        if (options.reuse() != TaskOptions.DEFAULT.reuse()) {
            json.put("reuse", options.reuse().label());
        }
        if (options.coarseClock()) {
            json.put("coarseClock", true);
        }
        if (!options.outbound().isEmpty()) {
            var outbound = json.putArray("outbound");
            options.outbound().forEach(host -> outbound.add(host.toString()));
        }
        if (options.latency() != TaskOptions.DEFAULT.latency()) {
            json.put("latency", options.latency().label());
        }
        if (!options.devices().isEmpty()) {
            var devices = json.putArray("devices");
            options.devices().forEach(device -> devices.add(device.value()));
        }
        options.secrets().ifPresent(secrets -> putSecrets(json, secrets));
        putRequirements(json, "callers", options.callers());
    }

    static void putSecrets(ObjectNode json, SecretBundle secrets) {
        ObjectNode bundle = json.putObject("secrets").put("id", secrets.id());
        secrets.names().forEach(bundle.putArray("names")::add);
    }

    private static void putLimits(ObjectNode json, Limits limits) {
        json.put("memoryBytes", limits.memory().bytes());
        json.put("timeoutMs", limits.timeout().toMillis());
        json.put("requestBodyBytes", limits.requestBody().bytes());
        json.put("responseBodyBytes", limits.responseBody().bytes());
        json.put("stackBytes", limits.stack().bytes());
        json.put("logBytes", limits.log().bytes());
    }

    /**
     * Reads a record of this kind.
     *
     * @throws CatalogException with {@link CatalogException.Code#MALFORMED}
     */
    public static CatalogRecord read(RecordKind kind, String text) {
        if (text.length() > FeedRecord.MOST_RECORD_CHARACTERS) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED,
                    "%s: longer than %d characters"
                            .formatted(kind.label(), FeedRecord.MOST_RECORD_CHARACTERS));
        }
        JsonFields fields = JsonFields.parse(kind.label(), text);
        return JsonFields.build(
                kind.label(),
                () ->
                        switch (kind) {
                            case ACCOUNT -> readAccount(fields);
                            case KEY -> KeyJson.read(fields);
                            case TASK -> readTask(fields);
                            case VERSION -> readVersion(fields);
                            case GRANT -> GrantJson.read(fields);
                            case ALIAS -> AliasJson.read(fields);
                            case CALLER_ALIAS -> CallerAliasJson.read(fields);
                            case AGREEMENT -> AgreementJson.read(fields);
                            case SCHEDULE -> ScheduleJson.read(fields);
                            case API -> ApiJson.read(fields);
                            case API_REVISION -> ApiJson.readRevision(fields);
                            case TRUST -> TrustJson.read(fields);
                        });
    }

    private static AccountRecord readAccount(JsonFields fields) {
        return new AccountRecord(
                fields.value("account", AccountId::new),
                fields.value("home", RegionId::new),
                fields.flag("admin"),
                fields.has("epoch") ? fields.wholeNumber("epoch") : 0,
                fields.has("leaving")
                        ? Optional.of(fields.value("leaving", RegionId::new))
                        : Optional.empty(),
                readRequirements(fields, "requires"),
                fields.has("state")
                        ? fields.value("state", AccountState::parse)
                        : AccountState.ACTIVE,
                fields.has("quota") ? readQuota(fields.fields("quota")) : AccountQuota.NONE,
                fields.has("usedUp")
                        ? Optional.of(fields.value("usedUp", RecordJson::month))
                        : Optional.empty());
    }

    private static YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a month as 2027-01", e);
        }
    }

    private static void putQuota(ObjectNode json, AccountQuota quota) {
        quota.concurrent().ifPresent(most -> json.put("concurrent", most));
        quota.perSecond().ifPresent(most -> json.put("perSecond", most));
        quota.burst().ifPresent(most -> json.put("burst", most));
        quota.gbSeconds().ifPresent(most -> json.put("gbSeconds", most));
        quota.codeMiB().ifPresent(most -> json.put("codeMiB", most));
        quota.warmPercent().ifPresent(most -> json.put("warmPercent", most));
    }

    private static AccountQuota readQuota(JsonFields fields) {
        return new AccountQuota(
                limit(fields, "concurrent"),
                limit(fields, "perSecond"),
                limit(fields, "burst"),
                limit(fields, "gbSeconds"),
                limit(fields, "codeMiB"),
                limit(fields, "warmPercent"));
    }

    private static OptionalInt limit(JsonFields fields, String name) {
        return fields.has(name) ? OptionalInt.of(fields.smallNumber(name)) : OptionalInt.empty();
    }

    private static Requirements readRequirements(JsonFields fields, String name) {
        return fields.has(name)
                ? new Requirements(fields.fields(name).textLists())
                : Requirements.NONE;
    }

    private static TaskRecord readTask(JsonFields fields) {
        Optional<Duration> maxStale =
                fields.has("maxStaleMs")
                        ? Optional.of(Duration.ofMillis(fields.wholeNumber("maxStaleMs")))
                        : Optional.empty();
        return new TaskRecord(
                readRef(fields),
                fields.smallNumber("live"),
                fields.smallNumber("newest"),
                fields.flag("everyone"),
                maxStale,
                limit(fields, "concurrent"),
                fields.has("events")
                        ? Optional.of(EventRuleJson.read(fields.fields("events")))
                        : Optional.empty());
    }

    private static TaskRef readRef(JsonFields fields) {
        return TaskRef.of(fields.text("account"), fields.text("task"));
    }

    private static VersionRecord readVersion(JsonFields fields) {
        Task task =
                new Task(
                        readRef(fields),
                        fields.smallNumber("version"),
                        fields.value("runtime", RecordJson::runtime),
                        fields.value("handler", RecordJson::handler),
                        fields.value("code", CodeDigest::new),
                        readLimits(fields.fields("limits")),
                        fields.textMap("environment"),
                        readOptions(fields));
        return new VersionRecord(
                task,
                new ByteSize(fields.wholeNumber("codeSizeBytes")),
                fields.texts("regions").stream().map(RegionId::new).toList(),
                Instant.ofEpochMilli(fields.wholeNumber("createdMs")));
    }

    private static TaskOptions readOptions(JsonFields fields) {
        return new TaskOptions(
                fields.has("reuse") ? fields.value("reuse", Reuse::parse) : Reuse.FRESH,
                fields.has("coarseClock") && fields.flag("coarseClock"),
                fields.has("outbound")
                        ? fields.texts("outbound").stream().map(OutboundHost::parse).toList()
                        : List.of(),
                fields.has("latency")
                        ? fields.value("latency", LatencyNeed::parse)
                        : LatencyNeed.NORMAL,
                fields.has("devices")
                        ? fields.texts("devices").stream().map(DeviceName::new).toList()
                        : List.of(),
                fields.has("secrets")
                        ? Optional.of(readSecrets(fields.fields("secrets")))
                        : Optional.empty(),
                readRequirements(fields, "callers"));
    }

    static SecretBundle readSecrets(JsonFields fields) {
        return new SecretBundle(fields.text("id"), Set.copyOf(fields.texts("names")));
    }

    private static RuntimeKind runtime(String label) {
        return RuntimeKind.ofLabel(label)
                .orElseThrow(() -> new IllegalArgumentException("is a kind unknown here"));
    }

    private static HandlerKind handler(String label) {
        return HandlerKind.ofLabel(label)
                .orElseThrow(() -> new IllegalArgumentException("is a kind unknown here"));
    }

    private static Limits readLimits(JsonFields fields) {
        return new Limits(
                new ByteSize(fields.wholeNumber("memoryBytes")),
                Duration.ofMillis(fields.wholeNumber("timeoutMs")),
                new ByteSize(fields.wholeNumber("requestBodyBytes")),
                new ByteSize(fields.wholeNumber("responseBodyBytes")),
                new ByteSize(fields.wholeNumber("stackBytes")),
                new ByteSize(fields.wholeNumber("logBytes")));
    }
}
