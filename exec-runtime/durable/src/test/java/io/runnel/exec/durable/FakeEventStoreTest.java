package io.runnel.exec.durable;

import java.nio.file.Path;
import java.util.function.Consumer;

final class FakeEventStoreTest implements EventStoreContract {
    private final FakeEventStore store = new FakeEventStore();

    @Override
    public void withEvents(Path folder, Consumer<EventStore> work) {
        work.accept(store);
    }
}
