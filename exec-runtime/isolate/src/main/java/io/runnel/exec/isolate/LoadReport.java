package io.runnel.exec.isolate;

/**
 * How much a node has to do, and what it refused since it began. For people, metrics and JSON.
 *
 * @param percent running and waiting calls against what is let in; from 100 on it is full
 * @param running calls that have a slot
 * @param waiting calls that wait, for a slot or for their code
 * @param mostRunning how many may run now: the slots, or fewer while the node is late
 * @param mostWaiting how many may wait for a slot now
 * @param stands whether more comes than can be run: the newest of few goes first
 * @param shared whether several tenants are active: then a call of one that has less than its share
 *     is let in although as many wait as may
 * @param waited calls that got a slot after they had waited for one
 * @param waitedNanos how long they waited together
 * @param overCapacity calls refused because the node was full
 * @param rateLimited calls refused because their tenant or source had more than its share
 * @param waitedInVain those of both that had waited as long as they may
 * @param left calls that had waited when their caller left
 */
public record LoadReport(
        int percent,
        int running,
        int waiting,
        int mostRunning,
        int mostWaiting,
        boolean stands,
        boolean shared,
        long waited,
        long waitedNanos,
        long overCapacity,
        long rateLimited,
        long waitedInVain,
        long left) {}
