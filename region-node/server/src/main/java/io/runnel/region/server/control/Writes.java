package io.runnel.region.server.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.GivenAnswer;
import io.runnel.cluster.store.Precondition;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.task.AccountId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writing to the store, and answering a request that comes again as it was answered before: its
 * answer is written in the same step as its records, sealed, for it may hold a secret.
 */
final class Writes {
    static final String REQUEST_KEY = "Idempotency-Key";

    /** Of an answer: where it is told how far what was written has come. */
    static final String CHANGE = "Runnel-Change";

    private final RegionStore store;
    private final SecretSeal seal;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Writes(RegionStore store, SecretSeal seal) {
        this.store = store;
        this.seal = seal;
    }

    /** What the request's Idempotency-Key asks for, if it has one. */
    Optional<Call.RequestMemory> memory(Call call, byte[] body) {
        Optional<String> key = call.header(REQUEST_KEY);
        if (key.isPresent()
                && (key.get().isEmpty() || key.get().length() > GivenAnswer.MOST_KEY_CHARACTERS)) {
            throw RefusedException.invalid(
                    REQUEST_KEY,
                    "must be 1 to %d characters".formatted(GivenAnswer.MOST_KEY_CHARACTERS));
        }
        return key.map(k -> new Call.RequestMemory(k, fingerprint(call, body)));
    }

    /** Of a body that may hold a secret: nobody is to try which, who has it from the store. */
    private String fingerprint(Call call, byte[] body) {
        String head = call.request().method() + " " + call.request().uri() + "\n";
        byte[] begin = head.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(begin, begin.length + body.length);
        System.arraycopy(body, 0, whole, begin.length, body.length);
        return seal.mark(whole);
    }

    /** Does the operation, unless the same request was answered before, or is being answered. */
    CompletionStage<? extends Reply> once(
            Call call, Supplier<CompletionStage<? extends Reply>> operation) {
        if (call.memory().isEmpty()) {
            return operation.get();
        }
        Call.RequestMemory memory = call.memory().get();
        String name = call.caller() + " " + memory.requestKey();
        if (!underWay.add(name)) {
            throw new RefusedException(ControlError.REQUEST_IN_PROGRESS);
        }
        return store.recall(call.caller().value(), memory.requestKey())
                .<Reply>thenComposeAsync(
                        given ->
                                given.isPresent()
                                        ? CompletableFuture.completedFuture(
                                                again(memory, given.get()))
                                        : operation.get().thenApply(Function.identity()),
                        call.exchange()::onLoop)
                .whenComplete((reply, failure) -> underWay.remove(name));
    }

    private Reply again(Call.RequestMemory memory, GivenAnswer given) {
        if (!given.fingerprint().equals(memory.fingerprint())) {
            throw new RefusedException(ControlError.REQUEST_KEY_REUSED);
        }
        return seal.open(owner(given.account(), given.requestKey()), decoded(given.body()))
                .map(Writes::replyOf)
                .orElseThrow(() -> new IllegalStateException("a kept answer does not open"));
    }

    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static String owner(String account, String requestKey) {
        return "answer " + account + " " + requestKey;
    }

    /** Writes all or nothing, and answers by what was written. */
    CompletionStage<Reply> write(
            Call call,
            List<Draft> drafts,
            List<Precondition> preconditions,
            Function<List<FeedRecord>, Reply.Whole> reply) {
        return write(call, drafts, preconditions, reply, records -> {});
    }

    /**
     * Writes all or nothing, and answers by what was written.
     *
     * @param reply pure: it may be called twice
     * @param afterwards what else is to be done once it is written
     */
    CompletionStage<Reply> write(
            Call call,
            List<Draft> drafts,
            List<Precondition> preconditions,
            Function<List<FeedRecord>, Reply.Whole> reply,
            Consumer<List<FeedRecord>> afterwards) {
        Function<List<FeedRecord>, Reply.Whole> told = telling(reply);
        Optional<Function<List<FeedRecord>, GivenAnswer>> answer =
                call.memory().map(m -> records -> answer(call, m, told.apply(records)));
        return store.append(drafts, fenced(call.account(), call.catalog(), preconditions), answer)
                .thenApply(
                        records -> {
                            afterwards.accept(records);
                            return told.apply(records);
                        });
    }

    /**
     * Writes one record in place of what stands there, or deletes that, unless somebody came
     * between; answers with the record's ETag.
     *
     * @param before what stands there, as far as the call knows
     * @param also what else must be as the call knows it
     */
    CompletionStage<Reply> replace(
            Call call,
            Draft draft,
            Optional<? extends Stamped<?>> before,
            List<Precondition> also,
            Reply.Whole reply) {
        List<Precondition> all = new ArrayList<>(also);
        all.add(
                new Precondition(
                        draft.kind(),
                        draft.key(),
                        before.map(Stamped::seq).orElse(Precondition.ABSENT)));
        return write(
                        call,
                        List.of(draft),
                        all,
                        records ->
                                reply.with(
                                        "ETag",
                                        EntityTag.of(store.log(), records.getFirst().seq())))
                .exceptionallyCompose(failure -> TaskOperations.changed(call, failure));
    }

    /** For an account that did not prove itself; a request that comes again is another one. */
    CompletionStage<Reply> writeOf(
            AccountId account,
            Catalog now,
            List<Draft> drafts,
            List<Precondition> preconditions,
            Function<List<FeedRecord>, Reply.Whole> reply) {
        return store.append(drafts, fenced(account, now, preconditions), Optional.empty())
                .thenApply(records -> telling(reply).apply(records));
    }

    /** With where it is told how far it has come. */
    private Function<List<FeedRecord>, Reply.Whole> telling(
            Function<List<FeedRecord>, Reply.Whole> reply) {
        return records ->
                reply.apply(records).with(CHANGE, changePath(Position.of(records.getLast())));
    }

    private String changePath(Position last) {
        return "/v1/changes/%s/%s.%d".formatted(store.origin(), last.log(), last.seq());
    }

    /** What was begun while the account was here is not written once it is on its way elsewhere. */
    private List<Precondition> fenced(
            AccountId account, Catalog now, List<Precondition> preconditions) {
        long said =
                now.saidOf(store.origin(), account).map(Stamped::seq).orElse(Precondition.ABSENT);
        List<Precondition> all = new ArrayList<>(preconditions);
        all.add(new Precondition(RecordKind.ACCOUNT, account.value(), said));
        return all;
    }

    private GivenAnswer answer(Call call, Call.RequestMemory memory, Reply.Whole reply) {
        String account = call.caller().value();
        byte[] sealed = seal.seal(owner(account, memory.requestKey()), textOf(reply));
        return new GivenAnswer(
                account,
                memory.requestKey(),
                memory.fingerprint(),
                Base64.getEncoder().encodeToString(sealed));
    }

    private static String textOf(Reply.Whole reply) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", reply.status());
        ObjectNode headers = json.putObject("headers");
        reply.headers().forEach(headers::put);
        reply.body().ifPresent(body -> json.set("body", body));
        return json.toString();
    }

    private static Reply.Whole replyOf(String text) {
        try {
            JsonNode json = JsonBody.MAPPER.readTree(text);
            Map<String, String> headers = new LinkedHashMap<>();
            json.path("headers")
                    .properties()
                    .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
            return new Reply.Whole(
                    json.path("status").intValue(), headers, Optional.ofNullable(json.get("body")));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a kept answer is no JSON", e);
        }
    }

    /** Whether the store refused because another writer came first. */
    static boolean isConflict(Throwable failure) {
        return failure instanceof StoreException refusal
                && refusal.code() == StoreException.Code.CONFLICT;
    }
}
