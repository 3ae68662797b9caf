package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.join.JoinToken;
import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.task.NodeName;
import io.runnel.region.server.authority.RegionAuthority;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The region's authority: what it revoked, and what it did. */
final class AuthorityOperations {
    private static final int MOST_WHY = 256;

    private final ControlSettings settings;

    AuthorityOperations(ControlSettings settings) {
        this.settings = settings;
    }

    CompletionStage<Reply> revoke(Call call) {
        String why =
                call.body().knowing("why").optional("why", AuthorityOperations::why).orElse("");
        NodeName node = node(call);
        return changed(node, true, authority -> authority.revoke(node, by(call), why));
    }

    CompletionStage<Reply> readmit(Call call) {
        NodeName node = node(call);
        return changed(node, false, authority -> authority.readmit(node, by(call), ""));
    }

    private CompletionStage<Reply> changed(
            NodeName node, boolean revoked, Function<RegionAuthority, Optional<Boolean>> change) {
        return with(
                authority -> {
                    boolean isNew = change.apply(authority).orElseThrow(this::noSuchNode);
                    ObjectNode json = ControlJson.object();
                    json.put("node", node.value())
                            .put("region", settings.region().value())
                            .put("revoked", revoked)
                            .put("changed", isNew);
                    return Reply.ok(json);
                });
    }

    /** Makes a token by which a POP may be certified. */
    CompletionStage<Reply> admit(Call call) {
        JsonBody body = call.body().knowing("node", "lifeSeconds");
        String name = body.text("node");
        Duration life =
                body.has("lifeSeconds") ? life(body.positive("lifeSeconds")) : JoinToken.LIFE;
        if (!NodeName.isValid(name)) {
            throw noSuchNode();
        }
        return with(
                authority -> {
                    RegionAuthority.Admitted admitted =
                            authority
                                    .admit(new NodeName(name), life, by(call))
                                    .orElseThrow(this::noSuchNode);
                    ObjectNode json = ControlJson.object();
                    json.put("node", name)
                            .put("region", settings.region().value())
                            .put("token", admitted.token())
                            .put("notAfter", admitted.notAfter().toString());
                    return Reply.ok(json);
                });
    }

    private static Duration life(int seconds) {
        Duration life = Duration.ofSeconds(seconds);
        if (life.compareTo(JoinToken.MOST_LIFE) > 0) {
            throw RefusedException.invalid(
                    "lifeSeconds", "must be at most %d".formatted(JoinToken.MOST_LIFE.toSeconds()));
        }
        return life;
    }

    CompletionStage<Reply> revoked(Call call) {
        return with(
                authority ->
                        Reply.ok(
                                ControlJson.object()
                                        .put("list", Pem.of(authority.revocationList().list()))));
    }

    CompletionStage<Reply> audit(Call call) {
        long after = call.number("after", 0, Long.MAX_VALUE / 2, 0);
        int most = RegionStore.MOST_ENTRIES;
        int limit = (int) call.number("limit", 1, most, most);
        return with(
                authority -> {
                    ObjectNode json = ControlJson.object();
                    json.put("authority", authority.identity().uri());
                    ArrayNode entries = json.putArray("entries");
                    authority.audit(after, limit).forEach(entries::add);
                    return Reply.ok(json);
                });
    }

    private CompletionStage<Reply> with(Function<RegionAuthority, Reply> work) {
        RegionAuthority authority =
                settings.authority()
                        .orElseThrow(() -> new RefusedException(ControlError.NO_AUTHORITY));
        return CompletableFuture.supplyAsync(() -> work.apply(authority), settings.disk());
    }

    private static String by(Call call) {
        return "%s/%s".formatted(call.caller(), call.keyId());
    }

    private NodeName node(Call call) {
        String name = call.values().get("node");
        if (!NodeName.isValid(name)) {
            throw noSuchNode();
        }
        return new NodeName(name);
    }

    private RefusedException noSuchNode() {
        return new RefusedException(
                ControlError.NODE_NOT_FOUND,
                "the authority of %s certifies no such node".formatted(settings.region()));
    }

    private static String why(String text) {
        if (text.length() > MOST_WHY) {
            throw new IllegalArgumentException("must be at most %d characters".formatted(MOST_WHY));
        }
        return text;
    }
}
