package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;
import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** How things look in answers. */
final class ControlJson {
    private ControlJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** {@code {"NAME":[...]}}. */
    static <T> ObjectNode list(
            String name, Collection<T> elements, BiConsumer<ObjectNode, T> writer) {
        ObjectNode json = object();
        ArrayNode array = json.putArray(name);
        elements.forEach(element -> writer.accept(array.addObject(), element));
        return json;
    }

    static void put(ObjectNode json, AccountRecord account) {
        json.put("name", account.id().value());
        json.put("home", account.home().value());
        json.put("admin", account.admin());
        json.put("epoch", account.epoch());
        json.put("state", account.state().label());
        account.leaving().ifPresent(next -> json.put("leaving", next.value()));
        AccountQuota quota = account.quota();
        ObjectNode limits = json.putObject("quota");
        quota.concurrent().ifPresent(most -> limits.put("concurrent", most));
        quota.perSecond().ifPresent(most -> limits.put("perSecond", most));
        quota.burst().ifPresent(most -> limits.put("burst", most));
        quota.gbSeconds().ifPresent(most -> limits.put("gbSeconds", most));
        quota.codeMiB().ifPresent(most -> limits.put("codeMiB", most));
        quota.warmPercent().ifPresent(most -> limits.put("warmPercent", most));
        account.usedUp().ifPresent(month -> json.put("usedUp", month.toString()));
        ObjectNode requires = json.putObject("requires");
        account.requires()
                .facts()
                .forEach((fact, values) -> values.forEach(requires.putArray(fact)::add));
    }

    static void put(ObjectNode json, KeyRecord key) {
        json.put("id", key.id());
        KeyRights rights = key.rights();
        ArrayNode scopes = json.putArray("scopes");
        rights.scopes().stream().sorted().map(KeyScope::label).forEach(scopes::add);
        ArrayNode tasks = json.putArray("tasks");
        rights.tasks().forEach(tasks::add);
        rights.expires().ifPresent(at -> json.put("expires", at.toString()));
        key.trust().ifPresent(name -> json.put("trust", name));
    }

    static ObjectNode of(AccountRecord account) {
        ObjectNode json = object();
        put(json, account);
        return json;
    }

    static ObjectNode of(TaskRecord task, Optional<VersionRecord> live) {
        ObjectNode json = object();
        put(json, task, live);
        return json;
    }

    static void put(ObjectNode json, TaskRecord task, Optional<VersionRecord> live) {
        json.put("account", task.ref().account().value());
        json.put("name", task.ref().name().value());
        json.put("path", "/fn/" + task.ref());
        json.put("live", task.live());
        json.put("newest", task.newest());
        json.put("public", task.everyone());
        task.maxStale().ifPresent(d -> json.put("maxStale", DurationText.format(d)));
        task.concurrent().ifPresent(most -> json.put("concurrent", most));
        live.ifPresent(version -> putFacts(json, version));
    }

    static void put(ObjectNode json, VersionRecord version, boolean isLive) {
        Task task = version.task();
        json.put("account", task.ref().account().value());
        json.put("task", task.ref().name().value());
        json.put("version", task.version());
        json.put("live", isLive);
        putFacts(json, version);
        ObjectNode environment = json.putObject("env");
        new TreeMap<>(task.environment()).forEach(environment::put);
        ArrayNode secrets = json.putArray("secrets");
        task.options().secrets().ifPresent(bundle -> bundle.names().forEach(secrets::add));
        ArrayNode regions = json.putArray("regions");
        version.regions().stream().map(RegionId::value).forEach(regions::add);
        json.put("created", version.created().toString());
    }

    private static void putFacts(ObjectNode json, VersionRecord version) {
        Task task = version.task();
        json.put("runtime", task.runtime().label());
        json.put("handler", task.handler().label());
        json.put("digest", task.code().value());
        json.put("sizeBytes", version.codeSize().bytes());
        json.put("memory", task.limits().memory().toString());
        json.put("timeout", DurationText.format(task.limits().timeout()));
        json.put("reuse", task.reuse().label());
        json.put("coarseClock", task.options().coarseClock());
        ArrayNode outbound = json.putArray("outbound");
        task.options().outbound().forEach(host -> outbound.add(host.toString()));
        json.put("latency", task.options().latency().label());
        ArrayNode devices = json.putArray("devices");
        task.options().devices().forEach(device -> devices.add(device.value()));
        ObjectNode callers = json.putObject("callers");
        task.options()
                .callers()
                .facts()
                .forEach((fact, values) -> values.forEach(callers.putArray(fact)::add));
    }
}
