package io.runnel.region.server;

import io.runnel.cluster.replication.PeerMoveLink;
import io.runnel.exec.http.BodyBridge;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.microvm.MachineMoves;
import io.runnel.exec.microvm.MoveOffer;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.Task;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Where other nodes bring calls that go on here ({@link PeerMoveLink}). Each has a slot and memory
 * from the start, and its task is one that may run here. Any thread; what blocks has threads of its
 * own.
 */
final class ArrivalDoor {
    private static final System.Logger LOG = System.getLogger(ArrivalDoor.class.getName());
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_STATE_BYTES = 1 << 20;
    private static final long CODE_SECONDS = 10;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    private final Vertx vertx;
    private final Optional<MachineMoves> moves;
    private final RegionFit fit;
    private final Supplier<Catalog> catalog;
    private final TaskRunner runner;
    private final CodeStore codes;
    private final CodeBringer bringer;
    private final Semaphore atWork = new Semaphore(MOST_AT_ONCE);
    private final Map<MoveId, Arrived> here = new ConcurrentHashMap<>();

    /** A call that is expected or here, with what it needs until somebody asks for its answer. */
    private record Arrived(
            VersionRecord version, AtomicReference<Reservation> slot, AtomicBoolean begun) {
        Optional<Reservation> takeSlot() {
            return Optional.ofNullable(slot.getAndSet(null));
        }
    }

    /**
     * A call whose answer is asked for.
     *
     * @param version that it was begun with, whichever is live now
     */
    record Claimed(VersionRecord version, Reservation slot) {}

    /** What is done for a request, by a thread that may block; its answer. */
    private interface Work {
        /** Does it. */
        void run(InputStream body) throws IOException, InterruptedException, RefusedException;
    }

    /** Why a call is not taken in. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status, String why) {
            super(why);
            this.status = status;
        }
    }

    /**
     * That of one node.
     *
     * @param moves of its machines; empty if it has none
     * @param bringer brings code that is not here
     */
    ArrivalDoor(
            Vertx vertx,
            Optional<MachineMoves> moves,
            RegionFit fit,
            Supplier<Catalog> catalog,
            TaskRunner runner,
            CodeStore codes,
            CodeBringer bringer) {
        this.vertx = vertx;
        this.moves = moves;
        this.fit = fit;
        this.catalog = catalog;
        this.runner = runner;
        this.codes = codes;
        this.bringer = bringer;
    }

    /** A call whose answer is asked for now; whoever asks first has it. */
    Optional<Claimed> claim(MoveId id) {
        return Optional.ofNullable(here.get(id))
                .flatMap(
                        arrived ->
                                arrived.takeSlot()
                                        .map(slot -> new Claimed(arrived.version(), slot)));
    }

    /** A call is offered. For the event loop. */
    void offer(HttpServerRequest request) {
        workIfFew(request, (id, by) -> body -> expect(id, by, body));
    }

    /** It comes. For the event loop. */
    void bring(HttpServerRequest request) {
        workIfFew(request, (id, by) -> body -> receive(id, by, body));
    }

    /** It goes on, for its node has given it up. For the event loop. */
    void goOn(HttpServerRequest request) {
        work(request, () -> {}, (id, by) -> body -> goOn(id, by, body));
    }

    /** It stays where it was. For the event loop. */
    void drop(HttpServerRequest request) {
        work(request, () -> {}, (id, by) -> body -> forget(id));
    }

    /** What is begun is brought to its end, however many others come. */
    private void workIfFew(HttpServerRequest request, BiFunction<MoveId, MachineMoves, Work> work) {
        if (atWork.tryAcquire()) {
            work(request, atWork::release, work);
        } else {
            refuse(request, UNAVAILABLE, "too many calls are being moved here");
        }
    }

    private void work(
            HttpServerRequest request, Runnable over, BiFunction<MoveId, MachineMoves, Work> work) {
        Optional<MoveId> id = id(request);
        if (id.isEmpty() || moves.isEmpty()) {
            over.run();
            refuse(request, id.isEmpty() ? BAD_REQUEST : CONFLICT, "there are no machines here");
            return;
        }
        request.pause();
        Context loop = vertx.getOrCreateContext();
        BodyBridge body =
                BodyBridge.open(
                        Buffer.buffer(),
                        request,
                        step -> loop.runOnContext(turned -> step.run()),
                        failure -> {});
        Work asked = work.apply(id.get(), moves.get());
        Thread.ofVirtual()
                .name("arrival")
                .start(
                        () -> {
                            Runnable answer = answer(request, asked, body);
                            over.run();
                            body.close();
                            loop.runOnContext(turned -> answer.run());
                        });
    }

    private static Runnable answer(HttpServerRequest request, Work asked, InputStream body) {
        try {
            asked.run(body);
            return () -> request.response().setStatusCode(OK).end();
        } catch (RefusedException e) {
            return () -> refuse(request, e.status, e.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(Level.INFO, "a call does not come here: {0}", e.getMessage());
            return () -> refuse(request, CONFLICT, String.valueOf(e.getMessage()));
        } catch (InterruptedException | RuntimeException e) {
            LOG.log(Level.ERROR, "a call does not come here", e);
            return () -> refuse(request, UNAVAILABLE, "it failed here");
        }
    }

    private static byte[] whole(InputStream body, int most) throws IOException, RefusedException {
        byte[] all = body.readNBytes(most + 1);
        if (all.length > most) {
            throw new RefusedException(BAD_REQUEST, "more than %d bytes".formatted(most));
        }
        return all;
    }

    private void expect(MoveId id, MachineMoves by, InputStream body)
            throws IOException, InterruptedException, RefusedException {
        MoveOffer offer = MoveOffer.ofJson(whole(body, MoveOffer.MOST_BYTES));
        VersionRecord version = version(offer);
        Task task = version.task();
        byte[] code = code(task.code());
        Reservation slot =
                runner.tryReserve(task, Caller.ANONYMOUS)
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                UNAVAILABLE, "no slot or memory is free there"));
        Arrived expected = new Arrived(version, new AtomicReference<>(slot), new AtomicBoolean());
        if (here.putIfAbsent(id, expected) != null) {
            slot.release();
            throw new RefusedException(CONFLICT, "it is expected already");
        }
        boolean isExpected = false;
        try {
            by.expect(id, offer, task, code);
            isExpected = true;
        } finally {
            if (!isExpected) {
                forget(id);
            }
        }
        later(() -> expected.begun().get() ? Optional.empty() : Optional.of(id));
    }

    /** Looks after a while whether one is to be forgotten. */
    private void later(Supplier<Optional<MoveId>> forgotten) {
        vertx.setTimer(
                2 * MachineMoves.patience().toMillis(),
                tick ->
                        forgotten
                                .get()
                                .ifPresent(
                                        id ->
                                                Thread.ofVirtual()
                                                        .name("arrival")
                                                        .start(() -> forget(id))));
    }

    private void receive(MoveId id, MachineMoves by, InputStream body)
            throws IOException, RefusedException {
        Arrived expected = here.get(id);
        if (expected == null || !expected.begun().compareAndSet(false, true)) {
            throw new RefusedException(CONFLICT, "it is not expected there");
        }
        boolean isHere = false;
        try {
            by.receive(id, body);
            isHere = true;
        } finally {
            if (isHere) {
                later(() -> Optional.of(id));
            } else {
                forget(id);
            }
        }
    }

    private void goOn(MoveId id, MachineMoves by, InputStream body)
            throws IOException, InterruptedException, RefusedException {
        Arrived arrived = here.get(id);
        if (arrived == null) {
            throw new RefusedException(NOT_FOUND, "no such call is here");
        }
        byte[] state = whole(body, MOST_STATE_BYTES);
        boolean runs = false;
        try {
            runs = by.goOn(id, arrived.version().task(), state);
        } finally {
            if (!runs) {
                forget(id);
            }
        }
        if (!runs) {
            throw new RefusedException(NOT_FOUND, "it does not go on");
        }
    }

    private VersionRecord version(MoveOffer offer) throws RefusedException {
        VersionRecord version =
                catalog.get()
                        .version(offer.task(), offer.version())
                        .filter(known -> known.task().code().equals(offer.code()))
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                CONFLICT, "that version is not known there"));
        Optional<String> elsewhere = fit.elsewhere(version);
        if (elsewhere.isPresent()) {
            throw new RefusedException(CONFLICT, elsewhere.get());
        }
        if (version.task().options().secrets().isPresent()) {
            throw new RefusedException(CONFLICT, "a task with secrets is not moved");
        }
        return version;
    }

    private byte[] code(CodeDigest digest)
            throws IOException, InterruptedException, RefusedException {
        try {
            if (!codes.holds(digest)) {
                bringer.bring(digest).toCompletableFuture().get(CODE_SECONDS, TimeUnit.SECONDS);
            }
            return codes.read(digest).orElseThrow(ArrivalDoor::withoutCode);
        } catch (ExecutionException | TimeoutException e) {
            throw withoutCode();
        }
    }

    private static RefusedException withoutCode() {
        return new RefusedException(CONFLICT, "the task's code is not there");
    }

    /** One whose answer was asked for is its caller's. */
    private void forget(MoveId id) {
        Optional.ofNullable(here.remove(id))
                .flatMap(Arrived::takeSlot)
                .ifPresent(
                        slot -> {
                            slot.release();
                            moves.ifPresent(it -> it.drop(id));
                        });
    }

    private static Optional<MoveId> id(HttpServerRequest request) {
        return Optional.of(request.path().substring(PeerMoveLink.PATH.length()))
                .filter(MoveId::isValid)
                .map(MoveId::new);
    }

    private static void refuse(HttpServerRequest request, int status, String why) {
        if (!request.response().ended() && !request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end(new JsonObject().put("detail", why).toBuffer());
        }
    }
}
