package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a node's slots and memory are shared between accounts, and whose waiting call is next. What
 * counts is the account that a task belongs to, whoever calls it.
 *
 * <p>An account is active while it holds a slot or has a call that waits, and for a minute after
 * that (to within a second). With n active accounts the share of each is a n-th of the slots,
 * rounded down, at least one, and a n-th of the memory.
 *
 * <ol>
 *   <li>A call is <i>within</i> its account's share if the account holds nothing, or if it holds,
 *       this call included, no more than its share of both; else it is <i>beyond</i>.
 *   <li>A call within gets a slot when one is free and its memory is.
 *   <li>A call beyond gets a slot only if, besides, no call within waits, and if another slot stays
 *       free unless its account is the only active one. So an account alone may have the whole
 *       node, and otherwise there is a slot for who comes next, wherever there are two.
 *   <li>An account's waiting calls are served strictly in the order in which they came. Among
 *       accounts those whose next call is within go first; of these, and of the others, each has
 *       its turn. One whose next call needs more memory than is free is passed over: for ever only
 *       if that call needs more than its share.
 *   <li>A call that finds the queue full takes the place of the newest waiting call of the account
 *       that has most waiting, if that has at least two more of them than its own.
 * </ol>
 *
 * <p>Of accounts without a call here it remembers a thousand; more count as inactive. Pure
 * bookkeeping; guarded by its pool.
 */
final class FairShares {
    private static final long ACTIVE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_IDLE = 1024;

    private final RunnerSettings settings;
    private final Map<AccountId, AccountShare> active = new HashMap<>();

    /** Accounts that have a call waiting whose code is ready, the one whose turn it is first. */
    private final Set<AccountShare> turns = new LinkedHashSet<>();

    private int freeSlots;
    private long freeMemoryBytes;
    private int queued;

    FairShares(RunnerSettings settings) {
        this.settings = settings;
        this.freeSlots = settings.slots();
        this.freeMemoryBytes = settings.memory().bytes();
    }

    int freeSlots() {
        return freeSlots;
    }

    long freeMemoryBytes() {
        return freeMemoryBytes;
    }

    /** Calls that wait, for a slot or for their code. */
    int queued() {
        return queued;
    }

    /** How many accounts are active. */
    int active() {
        return active.size();
    }

    /** The share of the account that this task belongs to; active from now on. */
    AccountShare of(Task task) {
        AccountShare share = active.get(task.ref().account());
        return share == null ? newlyActive(task.ref().account()) : share;
    }

    private AccountShare newlyActive(AccountId account) {
        if (active.size() >= MOST_IDLE) {
            active.values().stream()
                    .filter(AccountShare::isIdle)
                    .findFirst()
                    .ifPresent(idle -> active.values().remove(idle));
        }
        AccountShare share = new AccountShare();
        active.put(account, share);
        return share;
    }

    /** Takes a slot and memory for a call that came just now; whether it may have them. */
    boolean tryTake(AccountShare share, Task task) {
        if (freeSlots == 0 || !fits(task) || share.first().isPresent()) {
            return false;
        }
        if (!isWithin(share, task) && !(turns.isEmpty() && mayGoBeyond())) {
            return false;
        }
        take(share, task);
        return true;
    }

    private void take(AccountShare share, Task task) {
        long bytes = task.limits().memory().bytes();
        freeSlots--;
        freeMemoryBytes -= bytes;
        share.take(bytes);
    }

    void giveBack(AccountShare share, Task task) {
        long bytes = task.limits().memory().bytes();
        freeSlots++;
        freeMemoryBytes += bytes;
        share.giveBack(bytes);
    }

    private boolean fits(Task task) {
        return task.limits().memory().bytes() <= freeMemoryBytes;
    }

    private boolean isWithin(AccountShare share, Task task) {
        if (share.slots() == 0) {
            return true;
        }
        int n = active.size();
        long bytes = share.memoryBytes() + task.limits().memory().bytes();
        return share.slots() < Math.max(1, settings.slots() / n)
                && bytes <= settings.memory().bytes() / n;
    }

    private boolean mayGoBeyond() {
        return active.size() == 1 || freeSlots > 1;
    }

    /** The waiting call that is next, its slot and memory taken; none if none may run now. */
    Optional<Call> takeForNext() {
        if (freeSlots == 0 || turns.isEmpty()) {
            return Optional.empty();
        }
        boolean withinWaits = false;
        for (AccountShare share : turns) {
            Task task = share.first().orElseThrow().task();
            if (isWithin(share, task)) {
                if (fits(task)) {
                    return Optional.of(start(share));
                }
                withinWaits = true;
            }
        }
        return withinWaits || !mayGoBeyond() ? Optional.empty() : takeBeyond();
    }

    private Optional<Call> takeBeyond() {
        for (AccountShare share : turns) {
            if (fits(share.first().orElseThrow().task())) {
                return Optional.of(start(share));
            }
        }
        return Optional.empty();
    }

    private Call start(AccountShare share) {
        Call call = share.first().orElseThrow();
        take(share, call.task());
        share.removeFirst();
        queued--;
        turns.remove(share);
        keepTurn(share);
        return call;
    }

    /** Puts an account that has calls waiting last, unless it has its place already. */
    private void keepTurn(AccountShare share) {
        if (share.first().isPresent()) {
            turns.add(share);
        } else {
            turns.remove(share);
        }
    }

    /** Whether one more call may wait. */
    boolean hasRoom() {
        return queued < settings.queue();
    }

    /** Makes room in a full queue for a call of this account; which call has to leave for it. */
    Optional<Call> displaceFor(AccountShare share) {
        Optional<AccountShare> most =
                active.values().stream().max(Comparator.comparingInt(AccountShare::queued));
        return most.filter(other -> other.queued() >= share.queued() + 2).map(this::displace);
    }

    private Call displace(AccountShare share) {
        Call newest = share.removeNewest();
        queued--;
        keepTurn(share);
        return newest;
    }

    /** A call waits for a slot. */
    void addWaiting(AccountShare share, Call call) {
        share.addWaiting(call);
        queued++;
        keepTurn(share);
    }

    /** A call waits for its code. */
    void addPreparing(AccountShare share, Call call) {
        share.addPreparing(call);
        queued++;
    }

    /** A call waits for its code no longer; whether it did. */
    boolean removePreparing(Call call) {
        AccountShare share = active.get(call.task().ref().account());
        boolean did = share != null && share.removePreparing(call);
        queued -= did ? 1 : 0;
        return did;
    }

    /** A call waits no longer; whether it did. */
    boolean remove(Call call) {
        AccountShare share = active.get(call.task().ref().account());
        boolean did = share != null && share.removeWaiting(call);
        if (did) {
            queued--;
            keepTurn(share);
        }
        return did || removePreparing(call);
    }

    /** All calls that wait. */
    List<Call> all() {
        List<Call> all = new ArrayList<>();
        active.values().forEach(share -> share.copyTo(all));
        return all;
    }

    /**
     * Moves waiting calls that are past their deadline to {@code late}, and forgets accounts that
     * are active no longer.
     *
     * @return nanoseconds until there may be more of either, or {@link Expiring#NEVER}
     */
    long expire(long nowNanos, List<Call> late) {
        long delayNanos = Expiring.NEVER;
        for (Iterator<AccountShare> all = active.values().iterator(); all.hasNext(); ) {
            AccountShare share = all.next();
            int before = share.queued();
            delayNanos = Math.min(delayNanos, share.removeLate(nowNanos, late));
            queued -= before - share.queued();
            keepTurn(share);
            if (share.idleNanos(nowNanos) >= ACTIVE_NANOS) {
                all.remove();
            }
        }
        return active.isEmpty() ? delayNanos : Math.min(delayNanos, LOOK_NANOS);
    }
}
