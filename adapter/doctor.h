/* `ptvsd-dap doctor ADDRESS`: walks the way to a debug server step by step and says for each
 * whether it can be gone, and for the first that cannot, why and what to do: the sentence that an
 * attach would give. Files: doctor.c (the way), doctor_report.c (what is printed), doctor_attach.c
 * (what only an attach can find out). */
#ifndef DOCTOR_H
#define DOCTOR_H

struct options;

/* The exit status, 0 if all steps could be gone. */
int doctor_run(const struct options *options);

#endif
