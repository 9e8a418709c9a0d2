#ifndef LOCKKEEPER_CTYPE_H
#define LOCKKEEPER_CTYPE_H

int isdigit(int c);
int islower(int c);
int isspace(int c);
int isupper(int c);
int isxdigit(int c);
int tolower(int c);
int toupper(int c);

#endif
