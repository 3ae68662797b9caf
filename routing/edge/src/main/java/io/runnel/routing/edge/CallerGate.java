package io.runnel.routing.edge;

import io.runnel.attestation.gate.CallerDocuments;
import io.runnel.attestation.gate.CallerDocuments.Shown;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Problem;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lets calls pass whose callers show, by a signed document, to be what a task's owner and the
 * network ask of them; asks nothing where nothing is asked for. A node believes no other about
 * that, but for whether a document is fresh: that can be told only where its nonce was given out.
 * For any event loop; never blocks: signatures are checked elsewhere.
 */
public final class CallerGate {
    /** Signatures that are checked or wait to be. */
    static final int MOST_AT_ONCE = 64;

    private static final Logger LOG = System.getLogger(CallerGate.class.getName());
    private static final long LOG_EVERY_MILLIS = 1_000;

    private final Function<TaskRef, Requirements> network;
    private final CallerDocuments documents;
    private final Executor workers;
    private final InstantSource clock;
    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
    private final Sparse logged;

    /**
     * A gate before a node's calls.
     *
     * @param network what is asked of a task's callers, whoever owns it
     * @param workers where signatures are checked
     */
    public CallerGate(
            Function<TaskRef, Requirements> network,
            CallerDocuments documents,
            Executor workers,
            InstantSource clock) {
        this.network = network;
        this.documents = documents;
        this.workers = workers;
        this.clock = clock;
        this.logged = new Sparse(clock::millis, LOG_EVERY_MILLIS);
    }

    /** What a caller has a document bear that is to be fresh. */
    String nonce() {
        return documents.nonce(clock.instant());
    }

    /**
     * Goes on with a call, at once or when its caller's document was checked, or refuses it.
     *
     * @param forwarded whether another node of ours sent it here
     * @param denied done before it is refused for what it shows, or does not
     */
    void pass(Exchange exchange, boolean forwarded, Task task, Runnable then, Runnable denied) {
        Requirements byNetwork = network.apply(task.ref());
        Requirements byOwner = task.options().callers();
        if (byNetwork.areNone() && byOwner.areNone()) {
            then.run();
        } else {
            List<Requirements> asked = List.of(byNetwork, byOwner);
            new Asking(exchange, forwarded, task.ref(), asked, then, denied).begin();
        }
    }

    /** A call whose caller is asked for something. */
    private final class Asking {
        private final Exchange exchange;
        private final boolean forwarded;
        private final TaskRef task;
        private final List<Requirements> asked;
        private final Runnable then;
        private final Runnable denied;

        Asking(
                Exchange exchange,
                boolean forwarded,
                TaskRef task,
                List<Requirements> asked,
                Runnable then,
                Runnable denied) {
            this.exchange = exchange;
            this.forwarded = forwarded;
            this.task = task;
            this.asked = asked;
            this.then = then;
            this.denied = denied;
        }

        void begin() {
            List<String> shown = exchange.request().headers().getAll(RunnelHeaders.CALLER);
            if (shown.size() != 1) {
                refuse(wanted(shown.isEmpty() ? "a document" : "one document"), "shows none");
                return;
            }
            String jwt = shown.getFirst();
            documents
                    .known(jwt, task, forwarded, clock.instant())
                    .ifPresentOrElse(this::decide, () -> check(jwt));
        }

        private String wanted(String what) {
            return "Show %s of who you are, made for the audience %s, by the header %s."
                    .formatted(what, documents.audience(task), RunnelHeaders.CALLER);
        }

        private void check(String jwt) {
            if (!atOnce.tryAcquire()) {
                exchange.refuse(ErrorCode.OVER_CAPACITY);
                return;
            }
            exchange.holdBody();
            try {
                workers.execute(() -> look(jwt));
            } catch (RuntimeException closing) {
                atOnce.release();
                throw closing;
            }
        }

        private void look(String jwt) {
            try {
                Verdict<Shown> verdict = documents.check(jwt, task, forwarded, clock.instant());
                exchange.onLoop(() -> decide(verdict));
            } catch (RuntimeException e) {
                exchange.onLoop(() -> exchange.fail(e));
            } finally {
                atOnce.release();
            }
        }

        private void decide(Verdict<Shown> verdict) {
            if (exchange.isFinished()) {
                return;
            }
            switch (verdict) {
                case Verdict.Trusted<Shown>(Shown shown) -> decide(shown);
                case Verdict.Rejected<Shown>(List<Rejection> why) ->
                        refuse(
                                "What is shown is not believed: %s. %s"
                                        .formatted(sentences(why), wanted("a document")),
                                coded(why));
            }
        }

        private void decide(Shown shown) {
            if (shown.meets(asked)) {
                then.run();
                return;
            }
            String facts = String.join(", ", shown.unmetFacts(asked));
            refuse(
                    "The document is not what the task asks for in: %s.".formatted(facts),
                    coded(shown.unmet(asked)));
        }

        /**
         * Says no, and more to the log than to the caller.
         *
         * @param why may hold what the caller chose, within what documents may say
         */
        private void refuse(String detail, String why) {
            logged.next()
                    .ifPresent(
                            others ->
                                    LOG.log(
                                            Level.INFO,
                                            "{0} is not called by {1}: {2} (and {3} more)",
                                            task,
                                            exchange.request().remoteAddress().hostAddress(),
                                            why,
                                            others));
            denied.run();
            exchange.refuse(Problem.of(ErrorCode.CALLER_REJECTED).withDetail(detail));
        }
    }

    /** No word of the details: they are partly the caller's own. */
    private static String sentences(List<Rejection> why) {
        return why.stream()
                .map(Rejection::reason)
                .map(Reason::sentence)
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String coded(List<Rejection> why) {
        return why.stream().map(Rejection::coded).collect(Collectors.joining("; "));
    }
}
