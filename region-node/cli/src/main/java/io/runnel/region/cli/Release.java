package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskOptions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is to be published: code with the settings of one version.
 *
 * @param secrets variables whose values nobody is to see
 * @param memory as {@code 64MiB}
 * @param regions where alone it may run; empty for everywhere
 * @param canary how many calls it gets at first, if not all
 */
record Release(
        TaskName task,
        Code code,
        RuntimeKind runtime,
        HandlerKind handler,
        String memory,
        Duration timeout,
        Map<String, String> environment,
        Map<String, String> secrets,
        TaskOptions options,
        boolean everyone,
        List<RegionId> regions,
        Optional<Duration> maxStale,
        Optional<CanaryShare> canary) {

    Release {
        environment = Map.copyOf(new TreeMap<>(environment));
        secrets = Map.copyOf(new TreeMap<>(secrets));
        regions = List.copyOf(regions);
    }

    CodeDigest digest() {
        return code.digest();
    }

    /** As the control API takes it. */
    ObjectNode json() {
        ObjectNode json =
                Json.object()
                        .put("digest", digest().value())
                        .put("runtime", runtime.label())
                        .put("handler", handler.label())
                        .put("memory", memory)
                        .put("timeout", timeout.toMillis() + "ms");
        // While another version is live, who may call is as it was unless it is said.
        if (canary.isEmpty() || everyone) {
            json.put("public", everyone);
        }
        canary.ifPresent(share -> share.put(json.putObject("canary")));
        putOptions(json);
        ObjectNode variables = json.putObject("env");
        new TreeMap<>(environment).forEach(variables::put);
        if (!secrets.isEmpty()) {
            ObjectNode hidden = json.putObject("secrets");
            new TreeMap<>(secrets).forEach(hidden::put);
        }
        if (!regions.isEmpty()) {
            ArrayNode only = json.putArray("regions");
            regions.forEach(r -> only.add(r.value()));
        }
        maxStale.ifPresent(d -> json.put("maxStale", d.toMillis() + "ms"));
        return json;
    }

    /** Only what was chosen. */
    private void putOptions(ObjectNode json) {
        if (options.reuse() != TaskOptions.DEFAULT.reuse() || runtime == RuntimeKind.LINUX) {
            json.put("reuse", options.reuse().label());
        }
        if (options.coarseClock()) {
            json.put("coarseClock", true);
        }
        if (!options.outbound().isEmpty()) {
            ArrayNode outbound = json.putArray("outbound");
            options.outbound().forEach(host -> outbound.add(host.toString()));
        }
        if (options.latency() != TaskOptions.DEFAULT.latency()) {
            json.put("latency", options.latency().label());
        }
        if (!options.devices().isEmpty()) {
            ArrayNode devices = json.putArray("devices");
            options.devices().forEach(device -> devices.add(device.value()));
        }
        if (!options.callers().areNone()) {
            FactOptions.put(json.putObject("callers"), options.callers());
        }
    }
}
