// What clang's -Wthread-safety is told: which mutex guards a member, and which a function wants, takes or gives up.
//
// Named as in LevelDB and Abseil; https://clang.llvm.org/docs/ThreadSafetyAnalysis.html explains each. Nothing for a
// compiler that has no such analysis. Only the test lint.thread_safety asks for it.
#ifndef PAGE_COUNT_BASE_THREAD_ANNOTATIONS_H_
#define PAGE_COUNT_BASE_THREAD_ANNOTATIONS_H_

#ifdef __clang__
#define PAGE_COUNT_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define PAGE_COUNT_THREAD_ANNOTATION(x)
#endif

// Of a type: a lock, and what holds one until the end of its scope.
#define LOCKABLE PAGE_COUNT_THREAD_ANNOTATION(capability("mutex"))
#define SCOPED_LOCKABLE PAGE_COUNT_THREAD_ANNOTATION(scoped_lockable)

// Of a member: read and written with the mutex held; PT_: what it points to.
#define GUARDED_BY(x) PAGE_COUNT_THREAD_ANNOTATION(guarded_by(x))
#define PT_GUARDED_BY(x) PAGE_COUNT_THREAD_ANNOTATION(pt_guarded_by(x))

// Of a function: called with the mutex held, or called without.
#define REQUIRES(...) PAGE_COUNT_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) PAGE_COUNT_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

// Of a function: takes the mutex, takes it if it returns the value, gives it up, finds that it is held.
#define ACQUIRE(...) PAGE_COUNT_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) PAGE_COUNT_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define RELEASE(...) PAGE_COUNT_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define ASSERT_HELD(x) PAGE_COUNT_THREAD_ANNOTATION(assert_capability(x))

// Of a function that clang cannot follow: it is not checked.
#define NO_THREAD_SAFETY_ANALYSIS PAGE_COUNT_THREAD_ANNOTATION(no_thread_safety_analysis)

#endif  // PAGE_COUNT_BASE_THREAD_ANNOTATIONS_H_
