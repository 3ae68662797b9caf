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
 * counts is the account of the tenant: of whoever is proved to call, or else of the task's owner.
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
 *   <li>An account's waiting calls are served strictly in the order in which they came, or, while
 *       {@link #newestFirst}, in the other order. Among accounts those whose next call is within go
 *       first; of these, and of the others, each has its turn. One whose next call needs more
 *       memory than is free is passed over: for ever only if that call needs more than its share.
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

    /** Calls of a tenant that has no more than its share which may wait whatever others have. */
    private static final int LEAST_WAITING = 2;

    private final RunnerSettings settings;
    private final Map<AccountId, AccountShare> active = new HashMap<>();

    /** Accounts that have a call waiting whose code is ready, the one whose turn it is first. */
    private final Set<AccountShare> turns = new LinkedHashSet<>();

    private int mostSlots;
    private int takenSlots;
    private long freeMemoryBytes;
    private int queued;
    private int preparing;
    private boolean newestFirst;

    /** For those who look without the pool's lock; written only when it changes. */
    private volatile boolean isNearlyFull;

    FairShares(RunnerSettings settings) {
        this.settings = settings;
        this.mostSlots = settings.slots();
        this.freeMemoryBytes = settings.memory().bytes();
        counted();
    }

    /** Slots that may be taken. */
    int freeSlots() {
        return Math.max(mostSlots - takenSlots, 0);
    }

    /** Whether one slot is free at most, or calls wait. Any thread. */
    boolean isNearlyFull() {
        return isNearlyFull;
    }

    private void counted() {
        boolean now = mostSlots - takenSlots <= 1 || queued > 0;
        if (now != isNearlyFull) {
            isNearlyFull = now;
        }
    }

    /** Slots that are taken. */
    int takenSlots() {
        return takenSlots;
    }

    /** From now on so many slots may be taken; those that are taken stay so. */
    void mostSlots(int slots) {
        mostSlots = slots;
        counted();
    }

    /** From now on of each tenant's waiting calls the newest is next, or the oldest. */
    void newestFirst(boolean isSo) {
        newestFirst = isSo;
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

    /** The share of this tenant; active from now on. */
    AccountShare of(AccountId tenant) {
        AccountShare share = active.get(tenant);
        return share == null ? newlyActive(tenant) : share;
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
        if (freeSlots() <= 0 || !fits(task) || share.hasWaiting()) {
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
        takenSlots++;
        freeMemoryBytes -= bytes;
        share.take(bytes);
        counted();
    }

    void giveBack(AccountShare share, Task task) {
        long bytes = task.limits().memory().bytes();
        takenSlots--;
        freeMemoryBytes += bytes;
        share.giveBack(bytes);
        counted();
    }

    private boolean fits(Task task) {
        return task.limits().memory().bytes() <= freeMemoryBytes;
    }

    private boolean isWithin(AccountShare share, Task task) {
        if (share.slots() == 0) {
            return true;
        }
        long bytes = share.memoryBytes() + task.limits().memory().bytes();
        return share.slots() < slotsOfEach() && bytes <= settings.memory().bytes() / active.size();
    }

    private int slotsOfEach() {
        return Math.max(1, mostSlots / active.size());
    }

    /** Whether it has, with its calls that wait, as many as its share of slots; or is alone. */
    boolean isBeyond(AccountShare share) {
        return active.size() > 1 && share.slots() + share.queued() >= slotsOfEach();
    }

    private boolean mayGoBeyond() {
        return active.size() == 1 || freeSlots() > 1;
    }

    /** The waiting call that is next, its slot and memory taken; none if none may run now. */
    Optional<Call> takeForNext() {
        if (freeSlots() <= 0 || turns.isEmpty()) {
            return Optional.empty();
        }
        boolean withinWaits = false;
        for (AccountShare share : turns) {
            Task task = share.next(newestFirst).task();
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
            if (fits(share.next(newestFirst).task())) {
                return Optional.of(start(share));
            }
        }
        return Optional.empty();
    }

    private Call start(AccountShare share) {
        Call call = share.next(newestFirst);
        take(share, call.task());
        share.removeNext(newestFirst);
        queued--;
        counted();
        turns.remove(share);
        keepTurn(share);
        return call;
    }

    /** Puts an account that has calls waiting last, unless it has its place already. */
    private void keepTurn(AccountShare share) {
        if (share.hasWaiting()) {
            turns.add(share);
        } else {
            turns.remove(share);
        }
    }

    /** Whether one more call may wait. */
    boolean hasRoom() {
        return queued < settings.queue();
    }

    /**
     * Whether one more call of this tenant may wait for a slot, if so many may: one that has less
     * than its share does not have to care for how many wait of others.
     */
    boolean hasRoom(AccountShare share, int mostWaiting) {
        boolean isFew = queued - preparing < mostWaiting;
        boolean isWithin =
                active.size() > 1
                        && share.slots() <= slotsOfEach()
                        && share.queued() < Math.max(LEAST_WAITING, mostWaiting / active.size());
        return hasRoom() && (isFew || isWithin);
    }

    /** Whether calls wait for a slot. */
    boolean waits() {
        return queued > preparing;
    }

    /** For how long the oldest of the calls that wait for a slot does so; 0 if none does. */
    long oldestNanos(long nowNanos) {
        long most = 0;
        for (AccountShare share : turns) {
            most = Math.max(most, nowNanos - share.next(false).waitingSinceNanos());
        }
        return most;
    }

    /** Makes room in a full queue for a call of this account; which call has to leave for it. */
    Optional<Call> displaceFor(AccountShare share) {
        Optional<AccountShare> most =
                active.values().stream().max(Comparator.comparingInt(AccountShare::queued));
        return most.filter(other -> other.queued() >= share.queued() + 2).map(this::displace);
    }

    /** Whether a call would have to leave for one of this account, if there is no room. */
    boolean mayDisplace(AccountShare share) {
        return active.values().stream().anyMatch(other -> other.queued() >= share.queued() + 2);
    }

    private Call displace(AccountShare share) {
        int before = share.preparing();
        Call newest = share.removeNewest();
        preparing -= before - share.preparing();
        queued--;
        counted();
        keepTurn(share);
        return newest;
    }

    /** A call waits for a slot. */
    void addWaiting(AccountShare share, Call call) {
        share.addWaiting(call);
        queued++;
        counted();
        keepTurn(share);
    }

    /** A call waits for its code. */
    void addPreparing(AccountShare share, Call call) {
        share.addPreparing(call);
        queued++;
        preparing++;
        counted();
    }

    /** A call waits for its code no longer; whether it did. */
    boolean removePreparing(Call call) {
        AccountShare share = active.get(call.tenant());
        boolean did = share != null && share.removePreparing(call);
        queued -= did ? 1 : 0;
        preparing -= did ? 1 : 0;
        counted();
        return did;
    }

    /** A call waits no longer; whether it did. */
    boolean remove(Call call) {
        AccountShare share = active.get(call.tenant());
        boolean did = share != null && share.removeWaiting(call);
        if (did) {
            queued--;
            counted();
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
     * @param mostWaitNanos how long a call may wait for a slot
     * @return nanoseconds until there may be more of either, or {@link Expiring#NEVER}
     */
    long expire(long nowNanos, long mostWaitNanos, List<Call> late) {
        long delayNanos = Expiring.NEVER;
        for (Iterator<AccountShare> all = active.values().iterator(); all.hasNext(); ) {
            AccountShare share = all.next();
            int before = share.queued();
            int beforePreparing = share.preparing();
            delayNanos = Math.min(delayNanos, share.removeLate(nowNanos, mostWaitNanos, late));
            queued -= before - share.queued();
            preparing -= beforePreparing - share.preparing();
            keepTurn(share);
            if (share.idleNanos(nowNanos) >= ACTIVE_NANOS) {
                all.remove();
            }
        }
        counted();
        return active.isEmpty() ? delayNanos : Math.min(delayNanos, LOOK_NANOS);
    }
}
