package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.MovedTo;
import io.vertx.core.http.HttpClientResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which regions' nodes a call is asked of: one after the other, or of two at once when the first is
 * late with what may be asked twice. For its event loop.
 *
 * <p>Regions that are down are passed over, and so are those that are full or whose circuit breaker
 * is open, as long as there is another. It moves on only if that does no harm: if the region before
 * cannot have run the call, or if running it twice is as good as once (RFC 9110 section 9.2.2, or
 * an {@code Idempotency-Key}); only while the whole body is still held and no answer has begun; and
 * within the node's {@link RetryBudget}, for which it waits if another region is well. A call that
 * was moved while it ran is followed to where it goes on, and asked of nobody else.
 */
final class Tries implements RetryBudget.Waiting {
    private static final int MOST = Long.SIZE;

    /** A call that is moved more often is lost sight of. */
    private static final int MOST_MOVES = 16;

    private final ForwardedCall call;
    private final LoopLanes lanes;
    private final List<Lane> candidates;
    private final NodeStart.Of starts;
    private final boolean onlyReady;
    private final List<FailedAttempt> failed = new ArrayList<>(0);

    /** One bit for each candidate; of more only the first 64 are asked. */
    private long asked;

    private Attempt first;
    private Attempt second;
    private boolean hedged;
    private boolean answered;
    private Optional<MovedTo> resumes;
    private int followed;
    private int sent;

    /** Whether the next try's price was paid. */
    private boolean paid;

    /** Whether it waits for what that costs. */
    private boolean waits;

    Tries(ForwardedCall call, LoopLanes lanes, ForwardCall wanted) {
        this.call = call;
        this.lanes = lanes;
        List<Lane> ways = lanes.lanes(wanted.candidates(), wanted.starts());
        this.candidates = ways.size() > MOST ? ways.subList(0, MOST) : ways;
        this.starts = wanted.starts();
        this.onlyReady = wanted.onlyReady();
        this.resumes = wanted.resumes();
    }

    ForwardedCall call() {
        return call;
    }

    List<FailedAttempt> failed() {
        return List.copyOf(failed);
    }

    /** Where the call goes on, if it was moved. */
    Optional<MovedTo> resumes() {
        return resumes;
    }

    /** Asks the next region, or tells that there is none. */
    void next() {
        if (resumes.isPresent()) {
            follow(resumes.get());
            return;
        }
        Lane lane = nextLane();
        if (lane == null) {
            call.unreached();
        } else {
            first = new Attempt(this, lane);
            first.start();
        }
    }

    /** Asks for the answer where the call goes on. */
    private void follow(MovedTo to) {
        resumes = Optional.of(to);
        Optional<Lane> lane = ++followed > MOST_MOVES ? Optional.empty() : lanes.lane(to);
        if (lane.isEmpty()) {
            call.failedFor(AttemptFailure.NOT_CONNECTED);
            return;
        }
        first = new Attempt(this, lane.get());
        first.start();
    }

    private Lane nextLane() {
        if (onlyReady) {
            return find(Lane.Readiness.READY, lane -> true);
        }
        for (Lane.Readiness wanted : Lane.Readiness.values()) {
            Lane lane = find(wanted, each -> true);
            if (lane != null) {
                return lane;
            }
        }
        return null;
    }

    private Lane find(Lane.Readiness wanted, Predicate<Lane> like) {
        for (int i = 0; i < candidates.size(); i++) {
            if ((asked & (1L << i)) != 0) {
                continue;
            }
            Lane lane = candidates.get(i);
            if (lane.isDown()) {
                asked |= 1L << i;
                note(lane, AttemptFailure.DOWN);
            } else if (like.test(lane) && lane.admits(wanted)) {
                asked |= 1L << i;
                return lane;
            }
        }
        return null;
    }

    private void note(Lane lane, AttemptFailure failure) {
        failed.add(new FailedAttempt(lane.region(), failure));
        lane.counts().failed(failure);
    }

    /** A try's head is about to be sent. */
    void sending() {
        if (sent == 0) {
            lanes.sentFirst();
        } else {
            paid = false;
            lanes.counts().retry();
        }
        sent++;
    }

    /** Whether another region may be asked after this. */
    boolean mayMove(AttemptFailure failure) {
        boolean harmless = !failure.mayHaveRun() || Idempotency.of(call.exchange().request());
        return resumes.isEmpty() && harmless && !call.isBodyTouched() && !answered;
    }

    /** Whether there is another region that would take it now. */
    boolean hasReady() {
        return isAnyLeft(Lane::isReady);
    }

    private boolean isAnyLeft(Predicate<Lane> like) {
        for (int i = 0; i < candidates.size(); i++) {
            if ((asked & (1L << i)) == 0 && like.test(candidates.get(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean pay() {
        if (sent > 0 && !paid) {
            paid = lanes.budget().tryTake(0);
            if (!paid) {
                lanes.counts().withoutBudget();
            }
            return paid;
        }
        return true;
    }

    /** Goes on to the next region, now or when the budget has a try for it. */
    private void moveOn() {
        if (sent == 0 || paid || !isAnyLeft(Lane::isWell) || call.hasOtherWay()) {
            if (pay()) {
                next();
            } else {
                call.unreached();
            }
            return;
        }
        switch (askBudget()) {
            case TAKEN -> goOn();
            case WAITS -> {
                waits = true;
                lanes.counts().waited();
            }
            case NOTHING -> inVain();
        }
    }

    private RetryBudget.Got askBudget() {
        return lanes.budget()
                .takeOrWait(
                        this, call.body().head().length(), lanes.nanoTime(), call.deadlineNanos());
    }

    @Override
    public void granted() {
        lanes.run(
                () -> {
                    // Who waits no more has given it back.
                    if (waits) {
                        goOn();
                    }
                });
    }

    private void goOn() {
        waits = false;
        paid = true;
        next();
    }

    private void inVain() {
        lanes.counts().withoutBudget();
        call.unreached();
    }

    /** Some time has passed. */
    void tick(long nowNanos) {
        if (waits && lanes.budget().isTimeUp(this, nowNanos)) {
            waits = false;
            inVain();
        }
    }

    private boolean isLive(Attempt which) {
        return which == first || which == second;
    }

    private void drop(Attempt which) {
        if (which == first) {
            first = second;
        }
        second = null;
    }

    /** The attempt came to nothing, before or while it was answered. */
    void failed(Attempt which, AttemptFailure failure) {
        if (call.isOver() || !isLive(which)) {
            return;
        }
        drop(which);
        if (answered) {
            which.lane().counts().failed(failure);
            call.breakOff(which.lane().region(), failure);
            return;
        }
        note(which.lane(), failure);
        if (first != null) {
            return;
        }
        if (!mayMove(failure)) {
            call.failedFor(failure);
        } else {
            moveOn();
        }
    }

    /** A region that has no room; not one that gave a caller its share: that holds everywhere. */
    private static boolean hasNoRoom(HttpClientResponse response) {
        return isRefusal(response) && response.statusCode() != ErrorCode.RATE_LIMITED.status();
    }

    private static boolean isRefusal(HttpClientResponse response) {
        return response.headers().contains(RunnelHeaders.NOT_RUN);
    }

    private static Optional<MovedTo> moved(HttpClientResponse response) {
        return Optional.ofNullable(response.getHeader(RunnelHeaders.MOVED)).flatMap(MovedTo::parse);
    }

    /** A region begins to answer. */
    void answered(Attempt which, HttpClientResponse response) {
        Optional<MovedTo> moved = moved(response);
        if (moved.isPresent()) {
            end();
            first = null;
            second = null;
            follow(moved.get());
            return;
        }
        if (hasNoRoom(response)) {
            which.lane().refused();
        }
        if (onlyReady ? isRefusal(response) : hasNoRoom(response)) {
            if (first != null && second != null) {
                which.cancel();
                failed(which, AttemptFailure.NOT_RUN);
                return;
            }
            // A region that is full too would only say the same.
            if (mayMove(AttemptFailure.NOT_RUN) && (onlyReady || (hasReady() && pay()))) {
                which.cancel();
                drop(which);
                note(which.lane(), AttemptFailure.NOT_RUN);
                goElsewhere();
                return;
            }
        }
        Attempt other = which == first ? second : first;
        if (other != null) {
            other.cancel();
        }
        if (which == second) {
            which.lane().counts().hedgeWon();
        }
        first = which;
        second = null;
        answered = true;
        which.lane().counts().answered();
        call.begin(which, response);
    }

    private void goElsewhere() {
        if (!onlyReady || (hasReady() && pay())) {
            next();
        } else {
            call.unreached();
        }
    }

    /** Whether a second region may be asked while the first is at work. */
    boolean mayHedge() {
        return candidates.size() > 1
                && !hedged
                && Idempotency.isBareRead(call.exchange().request(), call.body());
    }

    /** An older version's answer is better than none, and not better than a late one. */
    private boolean isCurrent(Lane lane) {
        return starts.at(lane.link()) != NodeStart.OLD;
    }

    /** This attempt is late: asks the next region too, if there is a good one and it may. */
    void late(Attempt which) {
        if (call.isOver() || answered || hedged || which != first || second != null) {
            return;
        }
        // What breaks when a region dies comes first.
        if (!isAnyLeft(lane -> lane.isReady() && isCurrent(lane))
                || !lanes.budget().tryTake(lanes.counts().inFlight())) {
            return;
        }
        paid = true;
        Lane lane = find(Lane.Readiness.READY, this::isCurrent);
        if (lane != null) {
            hedged = true;
            lane.counts().hedged();
            second = new Attempt(this, lane);
            second.start();
        }
    }

    /** Gives up what is under way, for the call is over. */
    void end() {
        if (first != null) {
            first.cancel();
        }
        if (second != null) {
            second.cancel();
        }
        if (waits) {
            waits = false;
            lanes.budget().leave(this, lanes.nanoTime());
        }
        settle();
    }

    /** No region answered in time. */
    void tooLate() {
        Attempt last = first;
        if (last != null) {
            note(last.lane(), AttemptFailure.TOO_LATE);
            last.fail();
        }
    }

    /** The answer has come whole. */
    void done() {
        first.done();
        settle();
    }

    private void settle() {
        if (paid) {
            paid = false;
            lanes.budget().giveBack(lanes.nanoTime());
        }
    }
}
