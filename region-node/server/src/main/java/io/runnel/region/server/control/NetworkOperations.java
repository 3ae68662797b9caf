package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Position;
import io.runnel.topology.Devices;
import io.runnel.topology.Link;
import io.runnel.topology.Location;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.Pop;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.StoreSetting;
import io.runnel.topology.Topology;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** The network: who is up, what it is meant to look like, how far a version has come in it. */
final class NetworkOperations {
    private final ControlSettings settings;

    NetworkOperations(ControlSettings settings) {
        this.settings = settings;
    }

    CompletionStage<Reply> nodes(Call call) {
        NetworkView view = settings.network().get();
        Topology topology = settings.topology();
        ObjectNode json =
                ControlJson.list(
                        "nodes",
                        topology.nodes(),
                        (one, node) ->
                                putNode(one, topology, node, view.status(node), call.admin()));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    private static void putNode(
            ObjectNode json,
            Topology topology,
            NodeName node,
            Optional<NodeStatus> status,
            boolean admin) {
        json.put("name", node.value());
        json.put("role", topology.regionNode(node).isPresent() ? "region" : "pop");
        topology.regionOf(node).ifPresent(region -> json.put("region", region.name().value()));
        json.put("state", status.map(s -> label(s.state())).orElse("unknown"));
        status.ifPresent(s -> putStatus(json, s, admin));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void putStatus(ObjectNode json, NodeStatus status, boolean admin) {
        json.put("slots", status.slots());
        json.put("freeSlots", status.freeSlots());
        json.put("memory", status.memory().toString());
        json.put("freeMemory", status.freeMemory().toString());
        json.put("calls", status.calls());
        json.put("callsHere", status.callsHere());
        json.put("warmCount", status.warm().size());
        json.put("positions", status.positions());
        json.put("at", status.at().toString());
        if (admin) {
            // Which code runs is its owners' business.
            ArrayNode warm = json.putArray("warm");
            status.warm().stream().map(CodeDigest::value).forEach(warm::add);
        }
    }

    CompletionStage<Reply> topology(Call call) {
        Topology topology = settings.topology();
        ObjectNode json = ControlJson.object();
        json.put("network", topology.network());
        ArrayNode regions = json.putArray("regions");
        topology.regions().forEach(region -> put(regions.addObject(), region));
        ArrayNode pops = json.putArray("pops");
        topology.pops().forEach(pop -> put(pops.addObject(), pop));
        ArrayNode links = json.putArray("links");
        topology.links().forEach(link -> put(links.addObject(), link));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    private static void put(ObjectNode json, Region region) {
        json.put("name", region.name().value());
        json.put("registry", region.registry());
        put(json.putObject("location"), region.location());
        json.put(
                "store",
                switch (region.store()) {
                    case StoreSetting.Sqlite sqlite -> "sqlite";
                    case StoreSetting.Postgresql shared -> shared.url();
                });
        put(json, region.devices());
        ArrayNode nodes = json.putArray("nodes");
        region.nodes().forEach(node -> put(nodes.addObject(), node));
    }

    private static void put(ObjectNode json, Location location) {
        json.put("lat", location.latitude());
        json.put("lon", location.longitude());
    }

    private static void put(ObjectNode json, RegionNode node) {
        json.put("name", node.name().value());
        json.put("zone", node.zone());
        json.put("listen", node.listen().toString());
        json.put("internal", node.internal().toString());
        json.put("cluster", node.cluster().toString());
        json.put("admin", node.admin().toString());
        json.put("slots", node.slots());
        json.put("memory", node.memory().toString());
    }

    private static void put(ObjectNode json, Pop pop) {
        json.put("name", pop.name().value());
        put(json.putObject("location"), pop.location());
        json.put("listen", pop.listen().toString());
        json.put("admin", pop.admin().toString());
        json.put("region", pop.region().value());
        ArrayNode failover = json.putArray("failover");
        pop.failover().stream().map(RegionId::value).forEach(failover::add);
        json.put("slots", pop.slots());
        json.put("memory", pop.memory().toString());
        ObjectNode restrictions = json.putObject("restrictions");
        restrictions.put("maxMemory", pop.restrictions().maxMemory().toString());
        restrictions.put("maxDuration", DurationText.format(pop.restrictions().maxDuration()));
        ArrayNode runtimes = restrictions.putArray("runtimes");
        pop.restrictions().runtimes().stream().sorted().forEach(r -> runtimes.add(r.label()));
        put(json, pop.devices());
    }

    private static void put(ObjectNode json, Devices devices) {
        ObjectNode files = json.putObject("devices");
        devices.files().forEach((name, file) -> files.put(name.value(), file));
    }

    private static void put(ObjectNode json, Link link) {
        json.put("from", link.from());
        json.put("to", link.to());
        json.put("rtt", DurationText.format(link.rtt()));
    }

    /** How far a version has come. */
    CompletionStage<Reply> rollout(Call call) {
        int version = call.version();
        List<Rollout.Place> places =
                settings.rollout()
                        .report(TaskOperations.task(call, call.catalog()).value().ref(), version)
                        .orElseThrow(() -> new RefusedException(ControlError.ROLLOUT_NOT_FOUND));
        ObjectNode json =
                report(
                        places,
                        (one, place) -> one.put("milliseconds", place.took().toNanos() / 1e6));
        json.put("version", version);
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    /** How far what was written in this region has come. */
    CompletionStage<Reply> change(Call call) {
        Position at = JsonBody.checked("change", call.values().get("change"), EntityTag::position);
        if (!at.log().equals(settings.store().log())) {
            throw new RefusedException(ControlError.ROLLOUT_NOT_FOUND);
        }
        List<Rollout.Place> places = settings.rollout().report(settings.region(), at);
        return CompletableFuture.completedFuture(Reply.ok(report(places, (one, place) -> {})));
    }

    private static ObjectNode report(
            List<Rollout.Place> places, BiConsumer<ObjectNode, Rollout.Place> more) {
        ObjectNode json =
                ControlJson.list(
                        "places",
                        places,
                        (one, place) -> {
                            one.put("place", place.place());
                            one.put("state", label(place.state()));
                            more.accept(one, place);
                        });
        json.put("done", places.stream().allMatch(p -> p.state() == Rollout.State.DONE));
        return json;
    }
}
