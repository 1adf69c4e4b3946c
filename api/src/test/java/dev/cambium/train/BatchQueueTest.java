package dev.cambium.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.tensor.TensorType;

/** A queue that never ends must not keep the whole build waiting. */
@Timeout(60)
class BatchQueueTest {
    private static List<Integer> sizes(BatchQueue queue) {
        var sizes = new ArrayList<Integer>();
        for (Batch batch = queue.next(); batch != null; batch = queue.next()) {
            sizes.add(batch.size());
        }
        return sizes;
    }

    /** Examples whose batches fail. */
    static Examples failing(Supplier<Throwable> failure) {
        Fixtures.Table table = Fixtures.line(1);
        return new Examples() {
            @Override
            public int size() {
                return 10;
            }

            @Override
            public TensorType inputType() {
                return table.inputType();
            }

            @Override
            public TensorType targetType() {
                return table.targetType();
            }

            @Override
            public List<String> classNames() {
                return List.of();
            }

            @Override
            public Batch batch(int epoch, int... indices) {
                if (indices[0] != 0) {
                    BatchQueueTest.<RuntimeException>raise(failure.get());
                }
                return table.batch(epoch, 0);
            }
        };
    }

    /** Throws anything, as other languages of the JVM do. */
    @SuppressWarnings("unchecked") // so that the compiler takes a checked exception for an unchecked one
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void an_order_is_a_permutation_that_differs_between_epochs_and_seeds() {
        for (int size : new int[] {1, 2, 7, 1000}) {
            int[] order = BatchQueue.permutation(size, 5, 3);
            assertThat(Arrays.stream(order).sorted())
                    .containsExactly(IntStream.range(0, size).boxed().toArray(Integer[]::new));
            assertThat(BatchQueue.permutation(size, 5, 3)).containsExactly(order);
        }
        int[] order = BatchQueue.permutation(1000, 5, 3);
        assertThat(BatchQueue.permutation(1000, 5, 4)).isNotEqualTo(order);
        assertThat(BatchQueue.permutation(1000, 6, 3)).isNotEqualTo(order);
        assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
    }

    @Test
    void all_orders_are_equally_likely() {
        Map<List<Integer>, Integer> counts = new HashMap<>();
        for (int epoch = 0; epoch < 6000; epoch++) {
            counts.merge(Arrays.stream(BatchQueue.permutation(3, 1, epoch)).boxed().toList(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(6);
        assertThat(counts.values()).allMatch(count -> count > 880 && count < 1120);
    }

    @Test
    void batches_come_in_order_the_last_one_smaller() {
        Fixtures.Table table = Fixtures.line(7);
        try (var queue = new BatchQueue(table, 3, 0, Optional.empty(), 0)) {
            assertThat(sizes(queue)).containsExactly(3, 3, 1);
        }
        assertThat(table.asked).containsExactly(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6));
    }

    @Test
    void shuffled_batches_hold_every_example_once() {
        Fixtures.Table table = Fixtures.line(7);
        try (var queue = new BatchQueue(table, 3, 2, Optional.of(9L), 0)) {
            assertThat(sizes(queue)).containsExactly(3, 3, 1);
        }
        assertThat(table.asked.stream().flatMap(List::stream)).containsExactly(
                Arrays.stream(BatchQueue.permutation(7, 9, 2)).boxed().toArray(Integer[]::new));
    }

    @Test
    void the_first_batches_can_be_left_out() {
        Fixtures.Table table = Fixtures.line(7);
        try (var queue = new BatchQueue(table, 3, 0, Optional.empty(), 2)) {
            assertThat(sizes(queue)).containsExactly(1);
        }
        assertThat(table.asked).containsExactly(List.of(6));
    }

    @Test
    void a_failure_reaches_the_taker_after_the_batches_before_it() {
        var exception = new IllegalStateException("disk on fire");
        try (var queue = new BatchQueue(failing(() -> exception), 3, 0, Optional.empty(), 0)) {
            assertThat(queue.next()).isNotNull();
            assertThatThrownBy(queue::next).isSameAs(exception);
        }
        for (Throwable failure : List.of(new LinkageError("odd"), new java.io.IOException("checked"))) {
            try (var queue = new BatchQueue(failing(() -> failure), 3, 0, Optional.empty(), 0)) {
                assertThat(queue.next()).isNotNull();
                assertThatThrownBy(queue::next).isInstanceOf(IllegalStateException.class)
                        .hasMessage("preparing a batch failed").hasCause(failure);
            }
        }
    }

    @Test
    void closing_ends_the_preparing_thread_wherever_it_is() {
        for (int taken = 0; taken < 3; taken++) {
            Fixtures.Table table = Fixtures.line(1000);
            var queue = new BatchQueue(table, 1, 0, Optional.empty(), 0);
            for (int i = 0; i < taken; i++) {
                assertThat(queue.next()).isNotNull();
            }
            queue.close();
            queue.close();
            assertThat(preparing()).isEmpty();
            assertThat(table.asked).hasSizeLessThan(20);
        }
    }

    /** Interrupting would close the file that a dataset reads from. */
    @Test
    void closing_does_not_interrupt_the_examples() throws InterruptedException {
        var interrupted = new ArrayList<Boolean>();
        var preparing = new CountDownLatch(1);
        Examples examples = failing(() -> {
            preparing.countDown();
            for (int i = 0; i < 1_000_000 && !Thread.currentThread().isInterrupted(); i++) {
                Thread.onSpinWait();
            }
            interrupted.add(Thread.currentThread().isInterrupted());
            return new IllegalStateException("end");
        });
        try (var _ = new BatchQueue(examples, 1, 0, Optional.empty(), 0)) {
            preparing.await();
        }
        assertThat(interrupted).containsExactly(false);
    }

    static List<Thread> preparing() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("cambium-batches"))
                .toList();
    }
}
