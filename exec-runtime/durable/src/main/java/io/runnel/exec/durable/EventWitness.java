package io.runnel.exec.durable;

/** Is told of the ends of events. Any thread; never blocks. */
@FunctionalInterface
public interface EventWitness {
    /**
     * One ended.
     *
     * @param kept what came of that in the store
     */
    void ended(KeptEvent event, EventEnd end, EventStore.Ended kept);
}
