package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool of threads, and what becomes of it when something goes wrong. */
class WorkersTest {
    private record Each(int parts, IntConsumer action) implements Workers.Task {
        @Override
        public void run(int part, int lane) {
            action.accept(part);
        }
    }

    private static void run(Workers workers, Workers.Task... tasks) {
        workers.run(workers.job(List.of(tasks)));
    }

    /** The pool's threads that are alive. */
    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cambium-cpu-") && thread.isAlive())
                .collect(Collectors.toSet());
    }

    static void await(Set<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 17})
    void every_part_is_done_once(int count) {
        try (var workers = new Workers(count, () -> false)) {
            assertThat(workers.count()).isEqualTo(count);
            for (int parts : new int[] {0, 1, 2, 3, 16, 1000}) {
                var done = new AtomicIntegerArray(parts);
                run(workers, new Each(parts, done::incrementAndGet));
                for (int part = 0; part < parts; part++) {
                    assertThat(done.get(part)).isEqualTo(1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void one_thread_rests_while_another_needs_its_core(int count) {
        var needsCore = new AtomicBoolean();
        try (var workers = new Workers(count, needsCore::get)) {
            for (int i = 0; i < 1000; i++) {
                needsCore.set(i % 3 == 0);
                var lanes = ConcurrentHashMap.<Integer>newKeySet();
                var done = new AtomicIntegerArray(50);
                run(workers, new Workers.Task() {
                    @Override
                    public int parts() {
                        return 50;
                    }

                    @Override
                    public void run(int part, int lane) {
                        lanes.add(lane);
                        done.incrementAndGet(part);
                    }
                });
                assertThat(done.toString()).doesNotContain("0").doesNotContain("2");
                assertThat(lanes).hasSizeLessThanOrEqualTo(needsCore.get() ? Math.max(1, count - 1) : count);
            }
        }
    }

    @Test
    void no_two_threads_have_one_lane() {
        try (var workers = new Workers(4, () -> false)) {
            var owners = new Thread[4];
            var asked = new CountDownLatch(1); // the others could be done before the thread that asks gets its core back
            Workers.Task task = new Workers.Task() {
                @Override
                public int parts() {
                    return 64;
                }

                @Override
                public void run(int part, int lane) {
                    assertThat(owners[lane]).isIn(null, Thread.currentThread());
                    owners[lane] = Thread.currentThread();
                    if (lane == 0) {
                        asked.countDown();
                    } else {
                        awaitAll(asked);
                    }
                }
            };
            for (int i = 0; i < 200; i++) {
                run(workers, task);
            }
            assertThat(owners[0]).isSameAs(Thread.currentThread());
        }
    }

    @Test
    void a_thread_has_the_same_parts_of_each_task_as_long_as_the_others_are_busy() {
        try (var workers = new Workers(3, () -> false)) {
            for (int i = 0; i < 100; i++) {
                var all = new CountDownLatch(3);
                run(workers, new Workers.Task() {
                    @Override
                    public int parts() {
                        return 3;
                    }

                    @Override
                    public void run(int part, int lane) {
                        all.countDown();
                        awaitAll(all);
                        assertThat(lane).isEqualTo(part);
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void a_task_sees_what_the_one_before_wrote(int count) {
        int parts = 7;
        int tasks = 3_000 / count;
        long[] values = new long[parts];
        long[] next = new long[parts];
        try (var workers = new Workers(count, () -> false)) {
            for (int i = 0; i < tasks; i++) {
                run(workers, new Each(parts, part -> next[part] = values[part] + values[(part + 1) % parts] + 1),
                        new Each(parts, part -> values[part] = next[part] % 1_000_003));
            }
        }
        long expected = 0;
        for (int i = 0; i < tasks; i++) {
            expected = (2 * expected + 1) % 1_000_003;
        }
        assertThat(values).containsOnly(expected);
    }

    @Test
    void threads_that_went_to_sleep_wake_up() throws InterruptedException {
        try (var workers = new Workers(3, () -> false)) {
            for (int i = 0; i < 20; i++) {
                for (Thread thread : threads()) {
                    while (thread.getState() != Thread.State.WAITING) {
                        Thread.sleep(1);
                    }
                }
                var all = new CountDownLatch(3);
                run(workers, new Each(3, _ -> {
                    all.countDown();
                    awaitAll(all);
                }));
                assertThat(all.getCount()).isZero();
            }
        }
    }

    /** Makes each part wait for the others, so that each needs a thread of its own. */
    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void of_several_failures_the_one_of_the_lowest_part_is_thrown(int count) {
        try (var workers = new Workers(count, () -> false)) {
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(() -> run(workers, new Each(50, part -> {
                    if (part % 10 == 7) {
                        throw new IllegalArgumentException("part " + part);
                    }
                }))).isInstanceOf(IllegalArgumentException.class).hasMessage("part 7");
            }
            var done = new AtomicIntegerArray(50);
            run(workers, new Each(50, done::incrementAndGet));
            assertThat(done.toString()).doesNotContain("0").doesNotContain("2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void a_job_is_run_again_and_again(int count) {
        try (var workers = new Workers(count, () -> false)) {
            var done = new AtomicIntegerArray(3);
            Workers.Job job = workers.job(List.of(new Each(2, _ -> done.incrementAndGet(0)),
                    new Each(0, _ -> done.incrementAndGet(1)), new Each(9, _ -> done.incrementAndGet(2))));
            for (int i = 0; i < 10_000; i++) {
                workers.run(job);
            }
            assertThat(done).hasToString("[20000, 0, 90000]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void what_follows_a_failed_task_is_not_begun(int count) {
        try (var workers = new Workers(count, () -> false)) {
            var begun = new AtomicBoolean();
            Workers.Job failing = workers.job(List.of(new Each(20, part -> {
                if (part == 13) {
                    throw new IllegalArgumentException("part 13");
                }
            }), new Each(20, _ -> begun.set(true))));
            for (int i = 0; i < 2_000; i++) {
                assertThatThrownBy(() -> workers.run(failing)).hasMessage("part 13");
                run(workers, new Each(3, _ -> {}), new Each(3, _ -> {}));
            }
            assertThat(begun).isFalse();
        }
    }

    @Test
    void parts_may_be_more_than_are_counted_one_by_one() {
        int parts = 40_000_000;
        var sums = new long[2];
        try (var workers = new Workers(2, () -> false)) {
            run(workers, new Workers.Task() {
                @Override
                public int parts() {
                    return parts;
                }

                @Override
                public void run(int part, int lane) {
                    sums[lane] += part;
                }
            });
        }
        assertThat(sums[0] + sums[1]).isEqualTo(parts * (parts - 1L) / 2);
    }

    @Test
    void errors_are_thrown_as_they_are() {
        try (var workers = new Workers(2, () -> false)) {
            assertThatThrownBy(() -> run(workers, new Each(4, _ -> {
                throw new StackOverflowError("deep");
            }))).isInstanceOf(StackOverflowError.class).hasMessage("deep");
        }
    }

    @Test
    void an_interrupted_caller_gets_its_results_and_stays_interrupted() {
        try (var workers = new Workers(3, () -> false)) {
            Thread.currentThread().interrupt();
            var done = new AtomicIntegerArray(100);
            run(workers, new Each(100, done::incrementAndGet));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(done.toString()).doesNotContain("0");
        }
    }

    @Test
    void interrupted_threads_go_on_working() {
        Set<Thread> before = threads();
        try (var workers = new Workers(3, () -> false)) {
            threads().stream().filter(thread -> !before.contains(thread)).forEach(Thread::interrupt);
            for (int i = 0; i < 10; i++) {
                var done = new AtomicIntegerArray(100);
                run(workers, new Each(100, done::incrementAndGet));
                assertThat(done.toString()).doesNotContain("0");
            }
        }
    }

    @Test
    void closing_ends_the_threads_and_may_be_repeated() throws InterruptedException {
        Set<Thread> before = threads();
        var workers = new Workers(4, () -> false);
        Set<Thread> started = threads();
        started.removeAll(before);
        assertThat(started).hasSize(3);
        workers.close();
        workers.close();
        await(started);
        assertThat(threads()).doesNotContainAnyElementsOf(started);
        assertThatIllegalStateException().isThrownBy(() -> run(workers, new Each(4, _ -> {})))
                .withMessage("the threads were ended");
    }

    @Test
    void a_task_that_is_running_when_the_pool_is_closed_is_finished() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            var workers = new Workers(3, () -> false);
            var done = new AtomicIntegerArray(64);
            var begun = new CountDownLatch(1);
            Thread caller = Thread.ofPlatform().start(() -> run(workers, new Each(64, part -> {
                begun.countDown();
                done.incrementAndGet(part);
            })));
            begun.await();
            workers.close();
            caller.join();
            assertThat(done.toString()).doesNotContain("0");
        }
    }
}
