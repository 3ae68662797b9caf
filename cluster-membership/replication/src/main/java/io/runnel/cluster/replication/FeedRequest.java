package io.runnel.cluster.replication;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.vertx.core.http.HttpServerRequest;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a follower asks for: {@code /v1/feed?after=POSITIONS&except=ORIGINS&node=NAME}.
 *
 * @param after how far it knows each origin
 * @param except origins that it does not want
 * @param node who follows: a node has one feed, and a new one ends the old
 */
record FeedRequest(FeedPositions after, Set<RegionId> except, Optional<NodeName> node) {
    FeedRequest {
        except = Set.copyOf(except);
    }

    String uri() {
        String asked = FeedHandler.PATH + "?after=" + after.format();
        String names =
                except.stream().map(RegionId::value).sorted().collect(Collectors.joining(","));
        String without = names.isEmpty() ? "" : "&except=" + names;
        String who = node.map(name -> "&node=" + name).orElse("");
        return asked + without + who;
    }

    /** What this request asks for; empty if it is not understood. */
    static Optional<FeedRequest> read(HttpServerRequest request) {
        try {
            return Optional.of(
                    new FeedRequest(
                            FeedPositions.parse(parameter(request, "after").orElse("")),
                            regions(parameter(request, "except").orElse("")),
                            parameter(request, "node").map(NodeName::new)));
        } catch (CatalogException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> parameter(HttpServerRequest request, String name) {
        List<String> values = request.params().getAll(name);
        if (values.size() > 1) {
            throw new IllegalArgumentException("%s stands twice".formatted(name));
        }
        return values.stream().findFirst();
    }

    private static Set<RegionId> regions(String names) {
        Set<RegionId> regions = new HashSet<>();
        for (String name : names.isEmpty() ? new String[0] : names.split(",", -1)) {
            regions.add(new RegionId(name));
        }
        return regions;
    }
}
