/** Values that look like somebody's key, put together at run time: the repository holds none. */

/** The half of an AWS key that is no secret. */
export const AWS_ID = ['AKIA', 'ABCDEFGH23456722'].join('');
