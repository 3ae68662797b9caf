package invented.strangers;

/** Broken on purpose: in no room, ends the process without being its main, and sleeps. */
public final class EndsAndSleeps {
    /** Ends. */
    public void end() throws InterruptedException {
        Thread.sleep(1);
        System.exit(1);
    }
}
